import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describeError, WorkbenchError } from "../../core/errors";
import { writeAtomic } from "../../io/atomic";
import type { FoundCase } from "./plan";
import type { FileSource } from "./source";
import type { Prepare } from "../sets/prostate/load";
import { cachedCase, type CaseCache, type PreparedCase } from "../set/prepared";

/** What became of one case. */
export interface ImportedCase {
  readonly site: string;
  readonly id: string;
  /** Labelled slices of a volume; 1 for a photograph. */
  readonly slices: number;
}

export interface ImportResult {
  readonly cases: readonly ImportedCase[];
  /** Cases that cannot be used, one line each. */
  readonly faults: readonly string[];
  /** What is unusual about those that can. */
  readonly notes: readonly string[];
}

export interface ImportOptions {
  /** Where the files are put, as the set is laid out (default: they stay where they are). */
  readonly folder?: string;
  /** Size for which they are prepared. */
  readonly side: number;
  readonly cache: CaseCache;
  readonly prepare: Prepare;
  /** What is unusual about a case of this set. */
  readonly oddities: (made: PreparedCase) => string[];
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Checks, copies and prepares one case after the other; only one is in memory at a time. What is there already, with the same
 * bytes, is not written again: an import that was stopped goes on where it was. A case that cannot be used is left out and named.
 */
export function importCases(
  cases: readonly FoundCase[],
  source: FileSource,
  { folder, side, cache, prepare, oddities, onProgress }: ImportOptions,
): ImportResult {
  const imported: ImportedCase[] = [];
  const faults: string[] = [];
  const notes: string[] = [];
  cases.forEach(({ site, id, image, mask, to }, index) => {
    const name = `${site}/${id}`;
    try {
      const bytes = { image: source.read(image), mask: source.read(mask) };
      const made = cachedCase(cache, name, bytes, side, () => prepare(site, id, bytes, side));
      for (const kind of ["image", "mask"] as const) if (folder) writeIfDifferent(join(folder, to[kind]), bytes[kind]);
      imported.push({ site, id, slices: made.slices.length });
      notes.push(...oddities(made).map((oddity) => `${name}: ${oddity}`));
    } catch (error) {
      // A full disk would be the fault of no case.
      if (!(error instanceof WorkbenchError) || /no space|cannot write/.test(error.problem)) throw error;
      faults.push(describeError(error));
    }
    onProgress?.(index + 1, cases.length);
  });
  return { cases: imported, faults, notes };
}

function writeIfDifferent(path: string, bytes: Uint8Array): void {
  const same =
    existsSync(path) && statSync(path).size === bytes.length && Buffer.compare(readFileSync(path), bytes) === 0;
  if (!same) writeAtomic(path, bytes);
}
