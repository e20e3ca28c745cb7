import type * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** What the back end knows about the numbers of a tensor. */
export interface TensorData {
  values?: tf.BackendValues | null;
  dtype: tf.DataType;
  shape: number[];
  resource?: unknown;
}

/** The parts of TensorFlow.js's back end that a recording puts something else in the place of, or goes on where they are: half are private there. */
export interface Internals {
  device: GPUDevice;
  queue: GPUQueue;
  bufferManager: Pick<WebGPUBackend["bufferManager"], "acquireBuffer" | "releaseBuffer">;
  readonly tensorMap: { get(id: tf.DataId): TensorData };
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  commandQueueOwnedIds: Pick<WeakSet<tf.DataId>, "add" | "has">;
  uniformPendingDisposal: unknown[];
  stagingPendingDisposal: unknown[];
  supportTimestampQuery: boolean;
  hasTimestampQueryWarned: boolean;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(id: tf.DataId): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
}

/** Bytes of a tensor on the card, where a truth value takes four. */
export const bytesOf = (shape: readonly number[]): number => 4 * shape.reduce((product, length) => product * length, 1);
