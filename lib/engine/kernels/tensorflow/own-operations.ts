import * as tf from "@tensorflow/tfjs-core";

/** What tfjs-node's back end offers for operations of our own (lib/engine/install/native). */
export interface OwnOperations {
  readonly isUsingGpuDevice: boolean;
  readonly binding: {
    /** Of the addon that is compiled here, where the processor can run its operations; the official addon has none. */
    readonly workbenchOperations?: boolean;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
  };
  executeSingleOutput(
    operation: string,
    attributes: readonly object[],
    inputs: readonly tf.TensorInfo[],
  ): tf.TensorInfo;
  executeMultipleOutputs(
    operation: string,
    attributes: readonly object[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.TensorInfo[];
}

/** Whether the engine that runs has the operations at all: not on a graphics card, nor with the official addon or without AVX2. */
export function hasOwnOperations(): boolean {
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as OwnOperations;
  return !isUsingGpuDevice && Boolean(binding.workbenchOperations);
}

type Inputs = Readonly<Record<string, tf.TensorInfo>>;
type Compute = (own: OwnOperations, inputs: Inputs, attributes: tf.NamedAttrMap) => tf.TensorInfo | tf.TensorInfo[];

/** Registers a kernel that is made of operations of our own. */
export function registerOwn(kernelName: string, compute: Compute): void {
  tf.registerKernel({
    kernelName,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, backend, attrs }) =>
      compute(backend as unknown as OwnOperations, inputs as Inputs, attrs ?? {}),
  });
}

/** Puts such a kernel in the place of the back end's, which it may call: `library`. */
export function replaceByOwn(kernelName: string, computeWith: (library: tf.KernelFunc) => tf.KernelFunc): void {
  const original = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({ ...original, kernelFunc: computeWith(original.kernelFunc) });
}
