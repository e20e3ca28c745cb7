import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describeError, WorkbenchError } from "../../core/errors";
import { writeAtomic } from "../../io/atomic";
import type { ImageSet } from "../set/image-set";
import { preparedFrom } from "../set/load";
import type { FoundCase } from "../set/plan";
import type { CaseCache } from "../set/prepared";
import type { FileSource } from "../set/source";

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
  /** Where they are kept (default: they are only looked at). */
  readonly cache?: CaseCache;
  readonly set: Pick<ImageSet, "prepare" | "oddities" | "rules">;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Checks, copies and prepares one case after the other; only one is in memory at a time. What is there already, with the same
 * bytes, is not written again: an import that was stopped goes on where it was. A case that cannot be used is left out and named.
 */
export function importCases(
  cases: readonly FoundCase[],
  source: FileSource,
  { folder, side, cache, set, onProgress }: ImportOptions,
): ImportResult {
  const imported: ImportedCase[] = [];
  const faults: string[] = [];
  const notes: string[] = [];
  cases.forEach((found, index) => {
    const { site, id, image, mask, to } = found;
    const name = `${site}/${id}`;
    try {
      const bytes = { image: source.read(image), mask: source.read(mask) };
      const made = preparedFrom(set, found, bytes, side, cache);
      for (const kind of ["image", "mask"] as const) if (folder) writeIfDifferent(join(folder, to[kind]), bytes[kind]);
      imported.push({ site, id, slices: made.slices.length });
      notes.push(...set.oddities(made).map((oddity) => `${name}: ${oddity}`));
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
