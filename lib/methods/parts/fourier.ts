/** Complex numbers, real and imaginary parts beside each other. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * The discrete Fourier transform of a matrix, `sum x exp(-2 pi i (k r / rows + l c / columns))`, unscaled; inverse: with the other sign,
 * divided by the number of elements. Sides of any length (libraries at hand want powers of two), and the same bits on every machine:
 * sines come of additions and multiplications, since those of JavaScript differ in their last bit between versions of V8.
 */
export function transform({ re, im }: Spectrum, rows: number, columns: number, inverse = false): Spectrum {
  const out: Spectrum = { re: Float64Array.from(re), im: Float64Array.from(im) };
  for (let row = 0; row < rows; row++) transformLine(out, row * columns, 1, columns, inverse);
  for (let column = 0; column < columns; column++) transformLine(out, column, columns, rows, inverse);
  if (inverse) {
    for (const part of [out.re, out.im]) for (let i = 0; i < part.length; i++) part[i] /= rows * columns;
  }
  return out;
}

function transformLine({ re, im }: Spectrum, start: number, step: number, length: number, inverse: boolean): void {
  const line = { re: new Float64Array(length), im: new Float64Array(length) };
  for (let i = 0; i < length; i++) [line.re[i], line.im[i]] = [re[start + i * step], im[start + i * step]];
  const done = ofLength(line, 0, 1, length, rootsOf(length), inverse ? -1 : 1);
  for (let i = 0; i < length; i++) [re[start + i * step], im[start + i * step]] = [done.re[i], done.im[i]];
}

/** Every `step`-th element from `start` (Cooley and Tukey, 1965, by the smallest prime factor). */
function ofLength(x: Spectrum, start: number, step: number, length: number, roots: Spectrum, sign: 1 | -1): Spectrum {
  if (length === 1) return { re: x.re.slice(start, start + 1), im: x.im.slice(start, start + 1) };
  const factor = smallestFactor(length);
  const rest = length / factor;
  const parts = Array.from({ length: factor }, (_, q) =>
    ofLength(x, start + q * step, step * factor, rest, roots, sign),
  );
  const out = { re: new Float64Array(length), im: new Float64Array(length) };
  const turns = roots.re.length / length;
  for (let k = 0; k < length; k++) {
    for (let q = 0; q < factor; q++) {
      const root = ((q * k) % length) * turns;
      const [c, s] = [roots.re[root], sign * roots.im[root]];
      const [a, b] = [parts[q].re[k % rest], parts[q].im[k % rest]];
      out.re[k] += a * c - b * s;
      out.im[k] += a * s + b * c;
    }
  }
  return out;
}

function smallestFactor(length: number): number {
  for (let factor = 2; factor * factor <= length; factor++) if (length % factor === 0) return factor;
  return length;
}

const known = new Map<number, Spectrum>();

/** `exp(-2 pi i k / n)` for k from 0 to n - 1. */
function rootsOf(n: number): Spectrum {
  const found = known.get(n);
  if (found) return found;
  const roots = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    const quarter = Math.floor((4 * k) / n);
    const beyond = (4 * k - quarter * n) / n; // of a quarter turn
    const near = [series((beyond * Math.PI) / 2, 0), series((beyond * Math.PI) / 2, 1)];
    const far = [series(((1 - beyond) * Math.PI) / 2, 1), series(((1 - beyond) * Math.PI) / 2, 0)];
    const [cosine, sine] = beyond <= 0.5 ? near : far;
    const [re, im] = [
      [cosine, sine],
      [-sine, cosine],
      [-cosine, -sine],
      [sine, -cosine],
    ][quarter];
    [roots.re[k], roots.im[k]] = [re, -im];
  }
  known.set(n, roots);
  return roots;
}

/** Taylor's series of the cosine (from the power 0) or the sine (from 1), for angles up to an eighth of a turn. */
function series(angle: number, from: 0 | 1): number {
  let term = from === 0 ? 1 : angle;
  let sum = term;
  for (let power = from + 2; power < 24; power += 2) {
    term *= (-angle * angle) / (power * (power - 1));
    sum += term;
  }
  return sum;
}
