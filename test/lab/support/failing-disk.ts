import fs from "node:fs";

/** Thrown in place of every further write once the process is "dead": nothing reaches the disk any more. */
export class Killed extends Error {}

/** Everything that changes the disk, in lib/io and lib/lab. */
const writes = [
  "mkdirSync",
  "openSync",
  "writeFileSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "rmSync",
  "linkSync",
  "appendFileSync",
] as const;

export interface FailingDisk {
  /** How many writes were asked for so far. */
  count(): number;
  restore(): void;
}

/**
 * Lets the process die, or the disk refuse, at the n-th write and from then on. A file that is being written at that moment is torn:
 * a part of it is there.
 * @param at 1 for the first write; Infinity only counts
 * @param share of a torn file that is there, 0 to 1
 */
export function failAt(at: number, share: number, fault: () => Error): FailingDisk {
  const real = Object.fromEntries(writes.map((name) => [name, fs[name]])) as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  const changed = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  let count = 0;
  for (const name of writes) {
    changed[name] = (...args) => {
      count++;
      if (count < at) return real[name](...args);
      if (name === "writeFileSync" && count === at)
        real.writeFileSync(args[0], tear(args[1] as string | Uint8Array, share));
      if (name === "closeSync") real.closeSync(...args); // a dead process leaves none open
      const error = fault();
      // A full disk closes and removes; only the dead do neither.
      if (error instanceof Killed || (name !== "closeSync" && name !== "rmSync")) throw error;
      if (name === "rmSync") real.rmSync(...args);
      return undefined;
    };
  }
  return { count: () => count, restore: () => Object.assign(changed, real) };
}

const tear = (content: string | Uint8Array, share: number) =>
  Buffer.from(content as string).subarray(0, Math.floor(share * content.length));
