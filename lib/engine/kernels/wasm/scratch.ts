import type * as tf from "@tensorflow/tfjs-core";
import type { WasmBackend } from "./heap";

/** Memory for the time of one kernel. Addresses stay right when the memory grows. */
export interface Scratch {
  addressOf(tensor: tf.TensorInfo): number;
  /** @returns the address of so many float32, with whatever was there before */
  floats(count: number): number;
  /** @returns an address as `floats` does, all zeros but for the copied tensor at the front */
  filledUp(tensor: tf.TensorInfo | undefined, count: number): number;
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
  const addressOf = (tensor: tf.TensorInfo): number => wasm.dataIdMap.get(tensor.dataId).memoryOffset;
  try {
    return body({
      addressOf,
      floats: (count) => addressOf(take(count)),
      filledUp(tensor, count) {
        const copy = take(count);
        const values = wasm.typedArrayFromHeap(copy).fill(0);
        if (tensor) values.set(wasm.typedArrayFromHeap(tensor));
        return addressOf(copy);
      },
    });
  } finally {
    for (const { dataId } of taken) wasm.disposeData(dataId);
  }
}
