import type { Internals } from "./backend";

/** The room in which all programs of a card compute, one after the other: it is as large as the largest of them needs. */
export interface Arena {
  /** Counts how often a buffer had to give way to a larger one; what was bound before is to be bound again. */
  readonly generation: number;
  /** Makes sure of slots of at least so many bytes. */
  reserve(slots: readonly number[]): void;
  buffer(slot: number): GPUBuffer;
}

export function createArena({ bufferManager }: Pick<Internals, "bufferManager">): Arena {
  const buffers: GPUBuffer[] = [];
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  let generation = 0;
  return {
    get generation() {
      return generation;
    },
    reserve(slots) {
      slots.forEach((bytes, slot) => {
        const there = buffers.at(slot);
        if (there && there.size >= bytes) return;
        // What was submitted with it is still computed; it is destroyed behind that.
        if (there) {
          bufferManager.releaseBuffer(there, false);
          generation++;
        }
        buffers[slot] = bufferManager.acquireBuffer(bytes, usage);
      });
    },
    buffer: (slot) => buffers[slot],
  };
}
