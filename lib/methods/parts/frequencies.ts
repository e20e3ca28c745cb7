import type { Entry } from "../../core/layout";
import { combine, type State } from "../../core/state";
import { where } from "../../core/where";
import { transform, type Spectrum } from "./fourier";

/**
 * Parametric frequency aggregation (PRR-FL, server.py): the kernels of all clients exchange the low frequencies of their amplitudes; each
 * keeps its phases and its high frequencies. Biases are averaged, whatever else a model has stays.
 * @param L relative side of the block that is exchanged, from 0 (nothing) to 1
 * @param divisor what sums of amplitudes over the clients are divided by
 * @returns each client's own version
 */
export function exchangeFrequencies(models: readonly State[], L: number, divisor = models.length): State[] {
  const mean = combine(
    models,
    models.map(() => 1 / models.length),
  );
  const mixed = models.map(({ layout, values }) => ({ layout, values: values.slice() }));
  for (const entry of models[0].layout) {
    const { offset, size } = entry;
    if (where.bias(entry))
      for (const { values } of mixed) values.set(mean.values.subarray(offset, offset + size), offset);
    if (where.kernel(entry)) exchangeKernel(mixed, entry, L, divisor);
  }
  return mixed;
}

function exchangeKernel(models: readonly State[], entry: Entry, L: number, divisor: number): void {
  const [high, wide, third, fourth] = entry.shape;
  const [rows, columns] = [third * high, wide * fourth];
  const spectra = models.map(({ values }) => transform(matrixOf(values, entry), rows, columns));
  for (const row of lowOf(rows, L)) {
    for (const column of lowOf(columns, L)) exchangeAt(spectra, row * columns + column, divisor);
  }
  // The block has one frequency more below than above, so that the inverse is not quite real: its real part is taken.
  spectra.forEach((spectrum, client) => {
    const { re } = transform(spectrum, rows, columns, true);
    forEach(entry, (place, i) => (models[client].values[place] = re[i]));
  });
}

/** Where the low frequencies of a side lie: in the centred spectrum the block from b below the centre to b above, that one left out. */
function lowOf(length: number, L: number): number[] {
  const half = Math.floor((length * L) / 2);
  return Array.from({ length: 2 * half }, (_, i) => (i - half + length) % length);
}

function exchangeAt(spectra: readonly Spectrum[], i: number, divisor: number): void {
  let sum = 0;
  for (const { re, im } of spectra) sum += Math.sqrt(re[i] ** 2 + im[i] ** 2);
  for (const { re, im } of spectra) {
    const own = Math.sqrt(re[i] ** 2 + im[i] ** 2);
    // Nothing has the phase 0.
    re[i] = own === 0 ? sum / divisor : (re[i] / own) * (sum / divisor);
    im[i] = own === 0 ? 0 : (im[i] / own) * (sum / divisor);
  }
}

/** A kernel `[D1, D2, C, N]` as the matrix `[C D1, D2 N]`, where N is the first axis of the authors' kernels. */
function matrixOf(values: Float32Array, entry: Entry): Spectrum {
  const re = new Float64Array(entry.size);
  forEach(entry, (place, i) => (re[i] = values[place]));
  return { re, im: new Float64Array(entry.size) };
}

/** Every element of a kernel: where it stands in the state, and where in the matrix. */
function forEach(
  { shape: [high, wide, third, fourth], offset }: Entry,
  visit: (place: number, i: number) => void,
): void {
  let place = offset;
  for (let d1 = 0; d1 < high; d1++)
    for (let d2 = 0; d2 < wide; d2++)
      for (let c = 0; c < third; c++)
        for (let n = 0; n < fourth; n++) visit(place++, ((c * high + d1) * wide + d2) * fourth + n);
}
