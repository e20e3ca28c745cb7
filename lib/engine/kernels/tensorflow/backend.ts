import type * as tf from "@tensorflow/tfjs-core";

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

type Input = tf.TensorInfo | undefined;

/** What tfjs-node's back end offers beyond the interface of TensorFlow.js: any operation of the library by its name. */
export interface TensorflowBackend {
  readonly binding: Readonly<
    Record<"TF_ATTR_TYPE" | "TF_ATTR_FLOAT" | "TF_ATTR_STRING" | "TF_ATTR_BOOL" | "TF_FLOAT", number>
  >;
  executeSingleOutput(operation: string, attributes: readonly Attribute[], inputs: readonly Input[]): tf.TensorInfo;
  executeMultipleOutputs(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly Input[],
    outputs: number,
  ): tf.TensorInfo[];
}
