import type * as tf from "@tensorflow/tfjs-core";
import type { WasmLibrary } from "./library";
import type { Scratch } from "./scratch";

/** Kernels that take four channels at a time want a multiple of 4. */
export function roundUp(channels: number): number {
  return 4 * Math.ceil(channels / 4);
}

/** @returns the address of a tensor `[..., channels]`, or of a copy with channels of zeros behind up to a multiple of 4 */
export function inWholeVectors(library: WasmLibrary, scratch: Scratch, tensor: tf.TensorInfo): number {
  const { pixels, channels, wide } = sizes(tensor);
  const address = scratch.addressOf(tensor);
  if (wide === channels) return address;
  const copy = scratch.zeros(pixels * wide);
  library.copyRuns(address, copy, pixels, channels, channels, wide);
  return copy;
}

/** @returns where to write a tensor whose channels are a multiple of 4, and what brings it into the result afterwards */
export function fromWholeVectors(
  library: WasmLibrary,
  scratch: Scratch,
  result: tf.TensorInfo,
): { readonly address: number; finish(): void } {
  const { pixels, channels, wide } = sizes(result);
  const address = scratch.addressOf(result);
  if (wide === channels) return { address, finish: () => undefined };
  const copy = scratch.floats(pixels * wide);
  return { address: copy, finish: () => library.copyRuns(copy, address, pixels, channels, wide, channels) };
}

function sizes({ shape }: tf.TensorInfo): { pixels: number; channels: number; wide: number } {
  const channels = shape[shape.length - 1];
  return {
    pixels: shape.slice(0, -1).reduce((product, length) => product * length, 1),
    channels,
    wide: roundUp(channels),
  };
}
