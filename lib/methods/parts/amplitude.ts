import { createLayout } from "../../core/layout";
import { joined, partOf, type State } from "../../core/state";
import { not, where } from "../../core/where";
import type { Lens } from "../contract";
import { transform } from "./fourier";

type Shape = Parameters<Lens>[1];

/** How much of a spectrum is replaced: frequencies up to the floor of `L` times the shorter side, in both directions; 0: the DC term. */
export interface Normalisation {
  readonly L: number;
}

/** The entry that travels and predicts with the network: amplitudes of the discrete Fourier transform, `[channel, height, width]`. */
const isAmplitude = where.block("amplitude");

/** @returns the amplitudes that a model carries, if it does */
export function amplitudeOf(model: State): State | undefined {
  const own = partOf(model, isAmplitude);
  return own.layout.length > 0 ? own : undefined;
}

/** @returns the model without them */
export const networkOf = (model: State): State => partOf(model, not(isAmplitude));

/** @returns the model with them */
export const carrying = (model: State, amplitude: State | undefined): State =>
  amplitude ? joined(model, amplitude) : model;

/** Every image and channel gets these amplitudes and keeps its own phase. @param amplitude of the images' size */
export const normalising =
  (amplitude: State, { L }: Normalisation): Lens =>
  (images, shape) =>
    replaceAmplitudes(images, shape, amplitude.values, L);

/**
 * Amplitudes as a client meets them: the first batch's mean, of which every further batch's takes the share `momentum`; each batch is
 * normalised with them as they are then.
 */
export function collecting(given: Normalisation & { readonly momentum: number }) {
  let running: Float64Array | undefined;
  let size: readonly number[] = [];
  const lens: Lens = (images, shape) => {
    running = follow(running, () => meanAmplitudes(images, shape), given.momentum);
    size = [shape[3], shape[1], shape[2]];
    return replaceAmplitudes(images, shape, running, given.L);
  };
  return {
    lens,
    /** @throws RangeError before the first batch */
    amplitude(): State {
      if (!running) throw new RangeError("no batch has been seen");
      const layout = createLayout([{ name: "amplitude", shape: size, role: "free", block: "amplitude" }]);
      return { layout, values: Float32Array.from(running) };
    },
  };
}

/** The running amplitudes behind a batch. */
export function follow(before: Float64Array | undefined, batch: () => Float64Array, momentum: number): Float64Array {
  if (!before) return batch();
  if (momentum === 0) return before;
  const next = batch();
  return before.map((value, i) => (1 - momentum) * value + momentum * next[i]);
}

/** @param images `[batch, height, width, channel]` @returns the means over the batch, `[channel, height, width]` */
export function meanAmplitudes(images: Float32Array, [batch, height, width, channels]: Shape): Float64Array {
  const area = height * width;
  const means = new Float64Array(channels * area);
  for (let plane = 0; plane < batch * channels; plane++) {
    const { re, im } = transform(planeOf(images, plane, area, channels), height, width);
    const start = (plane % channels) * area;
    for (let i = 0; i < area; i++) means[start + i] += Math.sqrt(re[i] ** 2 + im[i] ** 2) / batch;
  }
  return means;
}

/** @param amplitudes `[channel, height, width]` @returns new images `[batch, height, width, channel]` */
export function replaceAmplitudes(
  images: Float32Array,
  [batch, height, width, channels]: Shape,
  amplitudes: ArrayLike<number>,
  L: number,
): Float32Array {
  const area = height * width;
  const reach = Math.floor(Math.min(height, width) * L);
  const within = (index: number, length: number) => Math.min(index, length - index) <= reach;
  const normalised = new Float32Array(images.length);
  for (let plane = 0; plane < batch * channels; plane++) {
    const { re, im } = transform(planeOf(images, plane, area, channels), height, width);
    const wanted = (plane % channels) * area;
    for (let i = 0; i < area; i++) {
      if (!within(Math.floor(i / width), height) || !within(i % width, width)) continue;
      const own = Math.sqrt(re[i] ** 2 + im[i] ** 2);
      // Nothing has the phase 0.
      [re[i], im[i]] =
        own === 0 ? [amplitudes[wanted + i], 0] : [re[i], im[i]].map((x) => (x / own) * amplitudes[wanted + i]);
    }
    const back = transform({ re, im }, height, width, true).re;
    for (let i = 0; i < area; i++) normalised[placeOf(plane, i, area, channels)] = back[i];
  }
  return normalised;
}

const placeOf = (plane: number, pixel: number, area: number, channels: number): number =>
  (Math.floor(plane / channels) * area + pixel) * channels + (plane % channels);

function planeOf(images: Float32Array, plane: number, area: number, channels: number) {
  const re = Float64Array.from({ length: area }, (_, pixel) => images[placeOf(plane, pixel, area, channels)]);
  return { re, im: new Float64Array(area) };
}
