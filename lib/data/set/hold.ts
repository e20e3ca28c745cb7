import type { SliceSet } from "./types";

/** A case that is loaded, and how to have it with its slices left on the disk, where it lies there. */
export interface Holdable {
  readonly inMemory: SliceSet;
  readonly onDisk?: () => SliceSet;
}

/** Cases that are loaded one after the other. */
export interface Holder {
  /** @returns what gives the case's slices once all cases are loaded */
  hold(loaded: Holdable): () => SliceSet;
}

/**
 * Keeps cases in memory as long as all of them together fit; else none, but for those that lie on no disk. What they are read as does
 * not depend on it.
 * @param most bytes of images and masks
 */
export function createHolder(most = Infinity): Holder {
  let bytes = 0;
  const held: { inMemory?: SliceSet }[] = [];
  return {
    hold({ inMemory, onDisk }) {
      bytes += inMemory.planes.length * Float32Array.BYTES_PER_ELEMENT + inMemory.masks.length;
      const own: (typeof held)[number] = { inMemory };
      if (onDisk) held.push(own);
      if (bytes > most) for (const each of held.splice(0)) each.inMemory = undefined;
      return () => own.inMemory ?? (onDisk as () => SliceSet)();
    },
  };
}
