import type * as tf from "@tensorflow/tfjs-core";

/** Numbers that lie somewhere on the card while a program runs. */
export interface Storage {
  readonly size: number;
  /** What it holds from the start: a constant of the body, or the sizes that a call of a shader is told. */
  values?: ArrayBuffer;
}

/** One call of a shader: it writes the first buffer and reads the others. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly groups: readonly [number, number, number];
  readonly buffers: readonly Storage[];
}

export interface Output {
  readonly storage: Storage;
  readonly shape: number[];
  readonly dtype: tf.DataType;
}

/** All that a body did. */
export interface Recording {
  readonly dispatches: readonly Dispatch[];
  readonly inputs: readonly Storage[];
  readonly outputs: readonly Output[];
}
