import type { Lens } from "../contract";
import { transform } from "./fourier";

/** What of a spectrum is exchanged: see `exchangeAmplitudes`. */
export interface Exchange {
  /** L: frequencies up to the floor of L times the shorter side, in both directions; 0: the DC term. */
  readonly L: number;
  /** The share of an image's own amplitudes. */
  readonly own: number;
}

/**
 * Low frequencies take `own a + (1 - own) foreign` for their amplitude and keep their phase (FedDG-ELCFS). Published: the DC term alone, replaced.
 * @param foreign amplitudes of another image each, `[batch, channel, height, width]` @returns images; nothing is clipped
 */
export function exchangeAmplitudes(
  images: Float32Array,
  [batch, height, width, channels]: Parameters<Lens>[1],
  foreign: ArrayLike<number>,
  { L, own }: Exchange,
): Float32Array {
  const area = height * width;
  const reach = Math.floor(Math.min(height, width) * L);
  const within = (index: number, length: number) => Math.min(index, length - index) <= reach;
  const exchanged = new Float32Array(images.length);
  for (let plane = 0; plane < batch * channels; plane++) {
    const placeOf = (pixel: number) => (Math.floor(plane / channels) * area + pixel) * channels + (plane % channels);
    const { re, im } = transform(
      { re: Float64Array.from({ length: area }, (_, i) => images[placeOf(i)]), im: new Float64Array(area) },
      height,
      width,
    );
    for (let i = 0; i < area; i++) {
      if (!within(Math.floor(i / width), height) || !within(i % width, width)) continue;
      const before = Math.sqrt(re[i] ** 2 + im[i] ** 2);
      const wanted = own * before + (1 - own) * foreign[plane * area + i];
      // Nothing has the phase 0.
      [re[i], im[i]] = before === 0 ? [wanted, 0] : [(re[i] / before) * wanted, (im[i] / before) * wanted];
    }
    const back = transform({ re, im }, height, width, true).re;
    for (let i = 0; i < area; i++) exchanged[placeOf(i)] = back[i];
  }
  return exchanged;
}
