import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { readText } from "../io/byte-source";
import type { FoundRecord } from "./found";
import { resultsFolder } from "./paths";
import { readReleased } from "./release/released";
import { provenanceSchema, recordSchema, type Provenance, type RunRecord } from "./schema";
import { sealOfText } from "./write";

/**
 * @returns the record, or `undefined` when there is none
 * @throws WorkbenchError when the file is not a valid record, or not the one that its run wrote
 */
export function readRecord(path: string): RunRecord | undefined {
  if (!existsSync(path)) return undefined;
  const text = readOf(path, "record");
  const record = parse(path, text, recordSchema, "record");
  const seal = sealOf(path, record.id);
  if (seal !== undefined && seal !== sealOfText(text))
    throw new WorkbenchError(`${basename(path)} has changed since it was computed`, hints.record);
  return record;
}

/** Earlier versions wrote none, and a provenance that cannot be read is told where it is shown. */
function sealOf(path: string, id: string): string | undefined {
  try {
    const provenance = readProvenance(path);
    return provenance?.id === id ? provenance.sha256 : undefined;
  } catch (error) {
    if (error instanceof WorkbenchError) return undefined;
    throw error;
  }
}

function readProvenance(path: string): Provenance | undefined {
  const beside = join(dirname(path), "provenance", basename(path));
  return existsSync(beside) ? parse(beside, readOf(beside, "provenance"), provenanceSchema, "provenance") : undefined;
}

export interface FoundRecords {
  /** Sorted by file name. */
  readonly records: readonly FoundRecord[];
  /** What could not be read, a line each: the rest is there all the same. */
  readonly damaged: readonly string[];
}

/**
 * Reads all records of an experiment with their provenance: the released ones, and whatever own ones answer other questions, or the same of
 * images of one's own that have changed since. A damaged file costs itself and nothing else.
 */
export function readRecords(profile: string, experiment: string): FoundRecords {
  const own = readOwnRecords(profile, experiment);
  try {
    const { records } = readReleased(profile, experiment);
    const more = own.records.filter(({ record }) => {
      const released = records.get(record.question)?.record;
      return !released || isOfOtherImages(record, released);
    });
    const answered = new Set(more.map(({ record }) => record.question));
    const standing = [...records.values()].filter(({ record }) => !answered.has(record.question));
    return { ...own, records: [...standing, ...more].sort((x, y) => (x.name < y.name ? -1 : 1)) };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return { ...own, damaged: [error.message, ...own.damaged] };
  }
}

/** A published set is the same everywhere; what differs is how it was prepared, and the release stands. */
const isOfOtherImages = ({ config, numerics }: RunRecord, released: RunRecord): boolean =>
  (config.data as { readonly source?: unknown } | undefined)?.source === "own" &&
  numerics.data !== released.numerics.data;

/** The same of the records that were computed here alone. @param results the folder of results */
export function readOwnRecords(profile: string, experiment: string, results = resultsFolder()): FoundRecords {
  const folder = join(results, profile, experiment);
  if (!existsSync(folder)) return { records: [], damaged: [] };
  const damaged: string[] = [];
  const unless = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      damaged.push(`${experiment}: ${error.message}`);
      return undefined;
    }
  };
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.startsWith("."))
    .sort()
    .map((file) => basename(file, ".json"));
  const records = names.flatMap((name): FoundRecord[] => {
    const record = unless(() => readRecord(join(folder, `${name}.json`)));
    const provenance = record && unless(() => readProvenance(join(folder, `${name}.json`)));
    return record ? [{ name, record, provenance }] : [];
  });
  return { records, damaged };
}

/** Characters of a problem that are quoted: a damaged file may hold names of any length. */
const longest = 300;

const hints = {
  record: "remove the file and run the experiment again",
  provenance:
    "the numbers stand; remove the record and this file and run the experiment again to know how they came about",
} as const;

const refusal = (path: string, problem: string, what: keyof typeof hints) =>
  new WorkbenchError(`${basename(path)} ${problem.slice(0, longest)}`, hints[what]);

function readOf(path: string, what: keyof typeof hints): string {
  try {
    return readText(path, basename(path));
  } catch (error) {
    throw error instanceof WorkbenchError ? new WorkbenchError(error.problem, hints[what]) : error;
  }
}

function parse<Output>(path: string, text: string, schema: z.ZodType<Output>, what: keyof typeof hints): Output {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw refusal(path, "is not JSON", what);
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const { path: field, message } = result.error.issues[0];
  throw refusal(path, `is not a valid ${what}: ${field.join(".")}: ${message}`, what);
}
