import type * as tf from "@tensorflow/tfjs-core";
import { addressesOf, type WasmBackend } from "./heap";

/** Memory for the time of one kernel. Addresses stay right when the memory grows. */
export interface Scratch {
  addressOf(tensor: tf.TensorInfo): number;
  /** @returns the address of so many float32, with whatever was there before */
  floats(count: number): number;
  /** @returns an address as `floats` does, with zeros there */
  zeros(count: number): number;
}

/** Frees what `body` took, whether it returns or throws. */
export function withScratch<Result>(backend: unknown, body: (scratch: Scratch) => Result): Result {
  const wasm = backend as WasmBackend;
  const taken: tf.TensorInfo[] = [];
  const take = (count: number): tf.TensorInfo => {
    const tensor = wasm.makeOutput([count], "float32");
    taken.push(tensor);
    return tensor;
  };
  const addressOf = (tensor: tf.TensorInfo): number => addressesOf(wasm, tensor)[0];
  try {
    return body({
      addressOf,
      floats: (count) => addressOf(take(count)),
      zeros(count) {
        const tensor = take(count);
        wasm.typedArrayFromHeap(tensor).fill(0);
        return addressOf(tensor);
      },
    });
  } finally {
    for (const { dataId } of taken) wasm.disposeData(dataId);
  }
}
