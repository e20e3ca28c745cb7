/**
 * What an entry of a model is. Trained are kernels and biases of layers, and scale and offset of normalisations; a normalisation's
 * running mean and variance follow the batches, and a counter counts them. `free` is whatever else a method keeps: a spectrum, a scalar.
 */
export const entryRoles = ["kernel", "bias", "scale", "offset", "mean", "variance", "counter", "free"] as const;
/** One of `entryRoles`. */
export type EntryRole = (typeof entryRoles)[number];

/** One named tensor inside a flat vector. */
export interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: EntryRole;
  /** The part of the network it belongs to: `encoder1`, `bottleneck`, `head`. */
  readonly block: string;
  /** Where it starts in the flat vector, and how many numbers it has. */
  readonly offset: number;
  readonly size: number;
}

/** All entries of a state, in the order of their numbers. */
export type Layout = readonly Entry[];

/** An entry before it has a place. */
export type UnplacedEntry = Pick<Entry, "name" | "shape" | "role" | "block">;

/** Lays out named tensors one behind the other. */
export function createLayout(tensors: Iterable<UnplacedEntry>): Layout {
  let offset = 0;
  return Array.from(tensors, ({ name, shape, role, block }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const entry: Entry = { name, shape, role, block, offset, size };
    offset += size;
    return entry;
  });
}

/** @returns how many numbers a layout holds. */
export function layoutSize(layout: Layout): number {
  return layout.reduce((sum, entry) => sum + entry.size, 0);
}
