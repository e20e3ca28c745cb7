import type { Internals } from "./backend";
import type { Dispatch, Storage } from "./recording";

/** Thrown where a body does what cannot be written down; it then runs step by step. */
export class NotRecorded extends Error {}

/** A buffer that only has a size, and the values that are written into it. */
interface Blank extends Storage {
  readonly mapState: GPUBufferMapState;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
}

const blank = (size: number): Blank => ({
  size,
  mapState: "mapped",
  getMappedRange() {
    return (this.values = new ArrayBuffer(size));
  },
  unmap: () => undefined,
});

/**
 * What takes the place of a back end's device, queue, buffers and encoders while a body is recorded: shaders are compiled as ever, and
 * of what they are to do with which buffers only a list is made.
 * @param into receives the calls in their order
 */
export function standIn(device: GPUDevice, into: Dispatch[]): Partial<Internals> {
  let pipeline: GPUComputePipeline | undefined;
  let group: Pick<Dispatch, "layout" | "buffers"> | undefined;
  const pass = {
    setPipeline: (next: GPUComputePipeline) => (pipeline = next),
    setBindGroup: (_index: number, next: typeof group) => (group = next),
    dispatchWorkgroups(x: number, y = 1, z = 1) {
      if (pipeline && group) into.push({ pipeline, ...group, groups: [x, y, z] });
    },
    end: () => undefined,
  };
  const encoder = {
    beginComputePass: () => pass,
    copyBufferToBuffer() {
      throw new NotRecorded("the values of a tensor are read or copied");
    },
  };
  const compiling = {
    limits: device.limits,
    features: device.features,
    createShaderModule: (of: GPUShaderModuleDescriptor) => device.createShaderModule(of),
    createComputePipeline: (of: GPUComputePipelineDescriptor) => device.createComputePipeline(of),
    createBindGroup: ({ layout, entries }: GPUBindGroupDescriptor) => ({
      layout,
      buffers: [...entries].map(storageOf),
    }),
    createCommandEncoder: () => encoder,
  };
  const writing = { writeBuffer: (to: Storage, _offset: number, values: ArrayBuffer) => void (to.values = values) };
  return {
    device: compiling as unknown as GPUDevice,
    queue: writing as unknown as GPUQueue,
    bufferManager: {
      acquireBuffer: (size: number) => blank(size) as unknown as GPUBuffer,
      releaseBuffer: () => undefined,
    },
    commandEncoder: encoder as unknown as GPUCommandEncoder,
    computePassEncoder: pass as unknown as GPUComputePassEncoder,
    // Never so many that the back end would submit them.
    dispatchCountInPass: -Infinity,
    // Nothing waits for the card, so a tensor that is disposed of is gone at once.
    commandQueueOwnedIds: { add: (() => undefined) as unknown as WeakSet<object>["add"], has: () => false },
    uniformPendingDisposal: [],
    stagingPendingDisposal: [],
    supportTimestampQuery: false,
    hasTimestampQueryWarned: true,
  };
}

/** A tensor's buffer stands in its binding as it is, the one of sizes with where it begins. */
const storageOf = ({ resource }: GPUBindGroupEntry): Storage =>
  asStorage("buffer" in resource ? resource.buffer : resource);

/** @throws NotRecorded for anything that really is on the card, such as a tensor that is not among the inputs */
export function asStorage(resource: unknown): Storage {
  if (!resource || !Object.hasOwn(resource, "getMappedRange"))
    throw new NotRecorded("something on the card is used that is not among the inputs");
  return resource as Storage;
}
