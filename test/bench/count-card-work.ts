import * as tf from "@tensorflow/tfjs-core";
import type { Internals } from "../../lib/engine/kernels/webgpu/program/backend";

/** What some work asked of a graphics card through WebGPU: numbers that are the same on every machine and at any load. */
export interface CardWork {
  /** Calls of shaders, and in how many pieces they were handed to the card. */
  readonly dispatches: number;
  readonly submissions: number;
  /** Shaders that were compiled, and sets of buffers that were bound for a call: both are to be there from the step before. */
  readonly pipelines: number;
  readonly bindings: number;
  /** Buffers that were made. */
  readonly buffers: number;
  /** Bytes from the host to the card, back, and copied from place to place there. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly bytesCopied: number;
}

/** Runs something on the engine webgpu and counts what it asks of the card. */
export async function countCardWork(body: () => Promise<unknown>): Promise<CardWork> {
  const { device, queue } = tf.backend() as unknown as Internals;
  const work = {
    dispatches: 0,
    submissions: 0,
    pipelines: 0,
    bindings: 0,
    buffers: 0,
    bytesIn: 0,
    bytesOut: 0,
    bytesCopied: 0,
  };
  const undo = [
    before(device, "createCommandEncoder", () => undefined, countEncoder),
    before(device, "createComputePipeline", () => work.pipelines++),
    before(device, "createBindGroup", () => work.bindings++),
    before(device, "createBuffer", ({ size, mappedAtCreation }: GPUBufferDescriptor) => {
      work.buffers++;
      if (mappedAtCreation) work.bytesIn += size;
    }),
    before(queue, "submit", () => work.submissions++),
    before(queue, "writeBuffer", (_to: GPUBuffer, _at: number, data: ArrayBuffer) => (work.bytesIn += data.byteLength)),
  ];
  function countEncoder(encoder: GPUCommandEncoder): void {
    before(encoder, "copyBufferToBuffer", (_from: unknown, _at: number, to: GPUBuffer, _to: number, size: number) => {
      work[to.usage & GPUBufferUsage.MAP_READ ? "bytesOut" : "bytesCopied"] += size;
    });
    before(encoder, "beginComputePass", () => undefined, countPass);
  }
  function countPass(pass: GPUComputePassEncoder): void {
    before(pass, "dispatchWorkgroups", () => work.dispatches++);
  }
  try {
    await body();
    return work;
  } finally {
    for (const each of undo) each();
  }
}

type Method = (...parameters: never[]) => unknown;

/** Puts a counter before a method of one object. @returns what takes it away again */
function before<Target extends object, Result>(
  target: Target,
  name: keyof Target & string,
  count: Method,
  then?: (result: Result) => void,
): () => void {
  const original = target[name] as Method;
  const counted = (...parameters: never[]) => {
    count(...parameters);
    const result = original.apply(target, parameters);
    then?.(result as Result);
    return result;
  };
  Object.defineProperty(target, name, { value: counted, configurable: true });
  return () => void Reflect.deleteProperty(target, name);
}
