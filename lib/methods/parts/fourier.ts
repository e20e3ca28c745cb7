import { cosineOf, sineOf } from "./sines";

/** Complex numbers, real and imaginary parts beside each other. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * The discrete Fourier transform of a matrix, `sum x exp(-2 pi i (k r / rows + l c / columns))`, unscaled; inverse: with the other sign,
 * divided by the number of elements. Sides of any length (libraries at hand want powers of two), and the same bits on every machine:
 * sines are our own.
 */
export function transform({ re, im }: Spectrum, rows: number, columns: number, inverse = false): Spectrum {
  const out: Spectrum = { re: Float64Array.from(re), im: Float64Array.from(im) };
  const [across, down] = [lineOf(columns, inverse), lineOf(rows, inverse)];
  for (let row = 0; row < rows; row++) across(out, row * columns, 1);
  for (let column = 0; column < columns; column++) down(out, column, columns);
  if (inverse) for (const part of [out.re, out.im]) for (let i = 0; i < part.length; i++) part[i] /= rows * columns;
  return out;
}

/** @returns transforms one line of so many elements in its place, from `start` in steps */
function lineOf(length: number, inverse: boolean): (of: Spectrum, start: number, step: number) => void {
  const factors = factorsOf(length);
  const roots = rootsOf(length);
  const sign = inverse ? -1 : 1;
  const buffer = () => ({ re: new Float64Array(length), im: new Float64Array(length) });
  let [from, to] = [buffer(), buffer()];
  return ({ re, im }, start, step) => {
    for (let i = 0, at = start; i < length; i++, at += step) {
      from.re[i] = re[at];
      from.im[i] = im[at];
    }
    let rest = length;
    for (const factor of factors) {
      pass(from, to, factor, rest, roots, sign);
      [from, to] = [to, from];
      rest /= factor;
    }
    for (let i = 0, at = start; i < length; i++, at += step) {
      re[at] = from.re[i];
      im[at] = from.im[i];
    }
  };
}

/**
 * One pass of Stockham's sorting transform of any radix (Van Loan, Computational Frameworks for the FFT, 1992, 1.7): transforms of
 * length `factor` within those of length `rest`, turned for the next pass.
 */
function pass(from: Spectrum, to: Spectrum, factor: number, rest: number, roots: Spectrum, sign: 1 | -1): void {
  const length = roots.re.length;
  const [part, done] = [rest / factor, length / rest];
  to.re.fill(0);
  to.im.fill(0);
  for (let j = 0; j < part; j++) {
    for (let q = 0; q < factor; q++) {
      const place = done * (factor * j + q);
      for (let r = 0; r < factor; r++) {
        // exp(-2 pi i (q r / factor + q j / rest)), in turns of the whole length
        const root = (q * (r * part + j) * done) % length;
        const c = roots.re[root];
        const s = sign * roots.im[root];
        const at = done * (j + part * r);
        for (let k = 0; k < done; k++) {
          to.re[place + k] += from.re[at + k] * c - from.im[at + k] * s;
          to.im[place + k] += from.re[at + k] * s + from.im[at + k] * c;
        }
      }
    }
  }
}

function factorsOf(length: number): number[] {
  for (let factor = 2; factor * factor <= length; factor++)
    if (length % factor === 0) return [factor, ...factorsOf(length / factor)];
  return length > 1 ? [length] : [];
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
    const near = [cosineOf((beyond * Math.PI) / 2), sineOf((beyond * Math.PI) / 2)];
    const far = [sineOf(((1 - beyond) * Math.PI) / 2), cosineOf(((1 - beyond) * Math.PI) / 2)];
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
