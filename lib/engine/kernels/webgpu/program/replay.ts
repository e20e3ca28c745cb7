import * as tf from "@tensorflow/tfjs-core";
import type { Arena } from "./arena";
import { bytesOf, type Internals } from "./backend";
import { createCalls } from "./calls";
import { planProgram, type Plan } from "./plan";
import type { Recording } from "./recording";

/** A recorded body on its card. */
export interface Program {
  /** @returns new tensors, the caller's to dispose */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Frees what it keeps on the card. */
  remove(): void;
}

/**
 * Bytes up to which numbers from the host, a step's factors, go into a buffer of the program's own at every run: the card reads nothing
 * else from it, so no call has to be waited for, where an upload makes a buffer of its own. What is larger is likely to be asked for again.
 */
const mostWritten = 1024;

/** Plans a recording and makes what it keeps: the sizes that its calls are told, constants, and bindings. */
export function createProgram(backend: Internals, recording: Recording, arena: Arena): Program {
  const { device, bufferManager } = backend;
  const plan = planProgram(recording);
  const fixed = uploadFixed(backend, plan);
  const calls = createCalls(device, recording, plan, fixed, arena);
  const carriers: (GPUBuffer | undefined)[] = [];
  const used = new Set([
    ...recording.dispatches.flatMap(({ buffers }) => buffers),
    ...plan.copies.map(({ from }) => from),
  ]);
  const isUsed = recording.inputs.map((storage) => used.has(storage));
  const results = recording.outputs.map(({ shape }) => bytesOf(shape));

  const place = (input: tf.Tensor, index: number): GPUBuffer | undefined => {
    if (!isUsed[index]) return undefined;
    const bytes = bytesOf(input.shape);
    if (bytes > mostWritten) backend.uploadToGPU(input.dataId);
    const { resource, values, dtype } = backend.tensorMap.get(input.dataId);
    if (resource || !values) return resource as GPUBuffer | undefined;
    const carrier = (carriers[index] ??= bufferManager.acquireBuffer(bytes, storageUsage()));
    const numbers = dtype === "float32" ? Float32Array : Int32Array;
    backend.queue.writeBuffer(carrier, 0, numbers.from(values as ArrayLike<number>));
    return carrier;
  };
  return {
    run(inputs) {
      arena.reserve(plan.slots);
      const outputs = results.map((bytes) => bufferManager.acquireBuffer(bytes, storageUsage()));
      const handed = { inputs: inputs.map(place), outputs };
      const bindings = calls.map((call) => call.bind(handed));
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      const encoder = backend.commandEncoder as GPUCommandEncoder;
      const pass = encoder.beginComputePass();
      calls.forEach(({ pipeline, groups }, index) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindings[index]);
        pass.dispatchWorkgroups(...groups);
      });
      pass.end();
      for (const { from, output } of plan.copies) {
        const { kind, ...where } = plan.places.get(from) ?? { kind: "none" };
        const index = "index" in where ? where.index : 0;
        const source = kind === "fixed" ? fixed : kind === "input" ? handed.inputs[index] : outputs[index];
        encoder.copyBufferToBuffer(
          source as GPUBuffer,
          "offset" in where ? where.offset : 0,
          outputs[output],
          0,
          results[output],
        );
      }
      backend.submitQueue();
      return recording.outputs.map(({ shape, dtype }, index) => asTensor(backend, outputs[index], shape, dtype));
    },
    remove() {
      for (const buffer of [fixed, ...carriers]) if (buffer) bufferManager.releaseBuffer(buffer, false);
    },
  };
}

const storageUsage = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

function uploadFixed({ bufferManager, queue }: Internals, { fixed, fixedBytes }: Plan): GPUBuffer | undefined {
  if (fixedBytes === 0) return undefined;
  const all = new Uint8Array(fixedBytes);
  for (const { offset, values } of fixed) all.set(new Uint8Array(values), offset);
  const buffer = bufferManager.acquireBuffer(fixedBytes, storageUsage() | GPUBufferUsage.UNIFORM);
  queue.writeBuffer(buffer, 0, all);
  return buffer;
}

function asTensor(backend: Internals, buffer: GPUBuffer, shape: number[], dtype: tf.DataType): tf.Tensor {
  const info = backend.makeTensorInfo(shape, dtype);
  backend.tensorMap.get(info.dataId).resource = buffer;
  return tf.engine().makeTensorFromTensorInfo(info);
}
