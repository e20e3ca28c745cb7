import type { Entry, EntryRole } from "./layout";

/** Selects entries of a model by what they are, never by their names. */
export type Where = (entry: Pick<Entry, "role" | "block">) => boolean;

const role =
  (...roles: readonly EntryRole[]): Where =>
  (entry) =>
    roles.includes(entry.role);

function inBlocks(...blocks: readonly string[]): Where {
  return (entry) => blocks.includes(entry.block);
}

/** The selections that methods speak of. */
export const where = {
  everything: (() => true) as Where,
  /** What an optimiser moves. */
  trained: role("kernel", "bias", "scale", "offset"),
  kernel: role("kernel"),
  bias: role("bias"),
  /** All of a normalisation: scale, offset, running statistics, counter. */
  norm: role("scale", "offset", "mean", "variance", "counter"),
  normAffine: role("scale", "offset"),
  /** Running mean and variance. */
  running: role("mean", "variance"),
  /** Running mean, variance and the counter of batches. */
  statistic: role("mean", "variance", "counter"),
  counter: role("counter"),
  /** The last layer, which gives the classes. */
  head: inBlocks("head"),
  /** Parts of the network by their names: `block("encoder1", "bottleneck")`. */
  block: inBlocks,
} as const;

/** Everything but that. */
export const not =
  (excluded: Where): Where =>
  (entry) =>
    !excluded(entry);

/** What at least one of them selects. */
export const any =
  (...selections: readonly Where[]): Where =>
  (entry) =>
    selections.some((selected) => selected(entry));

/** What all of them select. */
export const both =
  (...selections: readonly Where[]): Where =>
  (entry) =>
    selections.every((selected) => selected(entry));
