import { existsSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { sha256, type Json } from "../../core/hash";
import { readText } from "../../io/byte-source";
import type { FoundRecord } from "../found";
import { provenanceSchema, recordSchema } from "../schema";
import { readManifest, releaseFolder, type ReleasedEntry } from "./manifest";
import { pack, unpack } from "./pack";

/** The released records of an experiment. */
export interface Released {
  /** By question. */
  readonly records: ReadonlyMap<string, FoundRecord>;
  readonly probes: readonly FoundRecord[];
}

export type ReleasedPart = "records" | "probes";

export const releasedPath = (profile: string, experiment: string, part: ReleasedPart): string =>
  join(releaseFolder(profile), `${experiment}.${part}.jsonl`);

/** A line of a release: a record with how it came about, without weights. */
export function releasedLine({ name, record, provenance }: FoundRecord): string {
  return JSON.stringify(pack({ name, record, provenance } as unknown as Json));
}

/**
 * @returns the released records of an experiment, none where it is not released
 * @throws WorkbenchError naming the record when one is not what was released
 */
export function readReleased(profile: string, experiment: string): Released {
  const entries = readManifest(profile)?.experiments[experiment];
  if (!entries) return { records: new Map(), probes: [] };
  const read = (part: ReleasedPart) => readPart(profile, experiment, part, entries[part]);
  return { records: new Map(read("records").map((each) => [each.record.question, each])), probes: read("probes") };
}

function readPart(
  profile: string,
  experiment: string,
  part: ReleasedPart,
  entries: readonly ReleasedEntry[],
): FoundRecord[] {
  const path = releasedPath(profile, experiment, part);
  const lines = existsSync(path) ? readText(path, path).split("\n").filter(Boolean) : [];
  if (lines.length !== entries.length)
    throw changed(profile, `${experiment} has ${lines.length} ${part} and its manifest ${entries.length}`);
  return entries.map(({ name, sha256: expected, question }, index) => {
    if (sha256(lines[index]) !== expected) throw changed(profile, `${experiment}/${name} is not what was released`);
    const { record, provenance } = unpack(JSON.parse(lines[index]) as Json) as Record<string, unknown>;
    const parsed = recordSchema.parse(record);
    if (parsed.question !== question) throw changed(profile, `${experiment}/${name} answers another question`);
    return { name, record: parsed, provenance: provenanceSchema.parse(provenance) };
  });
}

const changed = (profile: string, what: string) =>
  new WorkbenchError(
    `the release ${profile} was changed: ${what}`,
    `git checkout -- results/released/${profile} brings it back; npx iopfl release makes a new one`,
  );
