import type * as tf from "@tensorflow/tfjs-core";

/** The part of the WebAssembly back end that hands out its memory. */
export interface WasmBackend {
  readonly wasm: { readonly asm?: Readonly<Record<string, unknown>> };
  readonly dataIdMap: { get(dataId: tf.DataId): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], type: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
  incRef(dataId: tf.DataId): void;
  disposeData(dataId: tf.DataId): boolean;
}

/** @returns where tensors begin, which stays right when the memory grows. */
export function addressesOf(backend: unknown, ...tensors: readonly tf.TensorInfo[]): number[] {
  return tensors.map(({ dataId }) => (backend as WasmBackend).dataIdMap.get(dataId).memoryOffset);
}

/**
 * Makes outputs and gives views of tensors in the engine's memory, where plain loops can work without copying.
 * A view is only valid until the next output is made, since the memory may move: so all outputs are made first.
 */
export function viewsOf<Name extends string>(
  backend: unknown,
  inputs: readonly tf.TensorInfo[],
  outputShapes: Readonly<Record<Name, readonly number[]>>,
): {
  readonly views: readonly Float32Array[];
  readonly outputs: Readonly<Record<Name, tf.TensorInfo>>;
  readonly results: Readonly<Record<Name, Float32Array>>;
} {
  const wasm = backend as WasmBackend;
  const names = Object.keys(outputShapes) as Name[];
  const outputs = Object.fromEntries(
    names.map((name) => [name, wasm.makeOutput(outputShapes[name], "float32")]),
  ) as Record<Name, tf.TensorInfo>;
  const results = Object.fromEntries(names.map((name) => [name, wasm.typedArrayFromHeap(outputs[name])])) as Record<
    Name,
    Float32Array
  >;
  return { views: inputs.map((input) => wasm.typedArrayFromHeap(input)), outputs, results };
}
