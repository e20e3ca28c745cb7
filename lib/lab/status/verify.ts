import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../../core/errors";
import { hashOf, type Json } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { projectRoot } from "../../records/paths";
import { numbersOf } from "../../records/numbers";
import type { RunRecord } from "../../records/schema";

/** By experiment and job: the hash of every number in the job's record. */
const schema = z.record(z.string(), z.record(z.string(), z.string()));
export type ResultHashes = z.infer<typeof schema>;

/** The engines that give the same bytes on every machine they promise it for: see configs/verify/README.md. */
export type VerifiedEngine = "wasm" | "tensorflow";

/** Where the hashes of a profile are committed, of each arithmetic in a file of its own. */
const hashesPath = (profile: string, engine: VerifiedEngine): string =>
  join(projectRoot, "configs", "verify", `${profile}${engine === "wasm" ? "" : `.${engine}`}.json`);

export function readHashes(profile: string, engine: VerifiedEngine): ResultHashes {
  const path = hashesPath(profile, engine);
  if (!existsSync(path))
    throw new WorkbenchError(
      `no results of profile "${profile}" on ${engine} are committed to compare with`,
      "use the profile tiny, or write them with --update",
    );
  return schema.parse(JSON.parse(readFileSync(path, "utf8")));
}

/**
 * Writes hashes that were computed anew in the place of the committed ones.
 * @param some whether they are of some experiments only: those of the others stay
 * @returns how many jobs they are of
 */
export function updateHashes(profile: string, engine: VerifiedEngine, computed: ResultHashes, some: boolean): number {
  const path = hashesPath(profile, engine);
  const kept = some && existsSync(path) ? readHashes(profile, engine) : {};
  writeAtomic(path, `${JSON.stringify(joinedHashes(kept, computed), null, 1)}\n`);
  return Object.values(computed).flatMap(Object.keys).length;
}

/** @returns what was computed, and the experiments of `kept` that were not, sorted */
export function joinedHashes(kept: ResultHashes, computed: ResultHashes): ResultHashes {
  return Object.fromEntries(Object.entries({ ...kept, ...computed }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns a hash of the numbers alone: neither of the code's version, nor of the ids that hold it, nor of how they came about */
export function hashNumbers(record: RunRecord): string {
  return hashOf(numbersOf(record) as Json);
}

export interface Comparison {
  readonly equal: readonly string[];
  readonly different: readonly string[];
  /** Committed, but not computed. */
  readonly missing: readonly string[];
  /** Computed, but not committed: a method that was added. */
  readonly unknown: readonly string[];
}

/** Compares what was computed with what is committed; names are `<experiment>/<job>`. */
export function compareHashes(expected: ResultHashes, actual: ResultHashes): Comparison {
  const flat = (hashes: ResultHashes) =>
    new Map(
      Object.entries(hashes).flatMap(([experiment, jobs]) =>
        Object.entries(jobs).map(([job, hash]) => [`${experiment}/${job}`, hash] as const),
      ),
    );
  const [committed, computed] = [flat(expected), flat(actual)];
  const shared = [...committed.keys()].filter((name) => computed.has(name));
  return {
    equal: shared.filter((name) => committed.get(name) === computed.get(name)),
    different: shared.filter((name) => committed.get(name) !== computed.get(name)),
    missing: [...committed.keys()].filter((name) => !computed.has(name)),
    unknown: [...computed.keys()].filter((name) => !committed.has(name)),
  };
}
