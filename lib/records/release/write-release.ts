import { rmSync } from "node:fs";
import { canonicalJson, sha256, type Json } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import type { FoundRecord } from "../found";
import type { Numerics } from "../schema";
import { manifestPath, type Manifest, type ReleasedEntry, type ReleasedExperiment } from "./manifest";
import { pictureLine, pictureName, picturesPath, type Picture } from "./pictures";
import { passesLine, releasedLine } from "./line";
import { passesPath, releasedPath, type ReleasedPart } from "./released";

export interface Gathered {
  readonly records: readonly FoundRecord[];
  readonly probes: readonly FoundRecord[];
  readonly pictures: readonly Picture[];
}

/** Writes the files of experiments, and the manifest last: whoever is killed meanwhile leaves a release that says it was changed. */
export function writeRelease(
  head: Omit<Manifest, "experiments">,
  before: Manifest["experiments"],
  gathered: Readonly<Record<string, Gathered>>,
): Manifest {
  const experiments = { ...before };
  for (const [id, { records, probes, pictures }] of Object.entries(gathered)) {
    const numerics: Numerics[] = [];
    const write = (part: ReleasedPart, found: readonly FoundRecord[]) => {
      const sorted = byName(found, ({ name }) => name);
      const lines = writeLines(releasedPath(head.profile, id, part), sorted.map(releasedLine));
      const passes = sorted.map(passesLine);
      const told = passes.flatMap((line) => line ?? []);
      if (told.length > 0) writeLines(passesPath(head.profile, id, part), told);
      else rmSync(passesPath(head.profile, id, part), { force: true });
      return sorted.map((each, index) => entryOf(each, { line: lines[index], passes: passes[index] }, numerics));
    };
    const drawn = byName(pictures, pictureName);
    const lines = writeLines(picturesPath(head.profile, id), drawn.map(pictureLine));
    experiments[id] = {
      records: write("records", records),
      probes: write("probes", probes),
      pictures: drawn.map((each, index) => ({ name: pictureName(each), sha256: sha256(lines[index]) })),
      numerics,
    };
  }
  const manifest = { ...head, hours: hoursOf(Object.values(experiments)), experiments };
  writeAtomic(manifestPath(head.profile), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

const byName = <Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] =>
  [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

function writeLines(path: string, lines: readonly string[]): readonly string[] {
  writeAtomic(path, lines.map((line) => `${line}\n`).join(""));
  return lines;
}

/** @param known the numerics so far; another one is added */
function entryOf(
  { name, record, provenance }: FoundRecord,
  { line, passes }: { readonly line: string; readonly passes?: string },
  known: Numerics[],
): ReleasedEntry {
  const own = canonicalJson(record.numerics as unknown as Json);
  let numerics = known.findIndex((each) => canonicalJson(each as unknown as Json) === own);
  if (numerics < 0) numerics = known.push(record.numerics) - 1;
  const { commit = "unknown", processor = "unknown", cpuSeconds = 0 } = provenance ?? {};
  const hashes = { sha256: sha256(line), ...(passes === undefined ? {} : { passes: sha256(passes) }) };
  return { name, question: record.question, ...hashes, numerics, commit, processor, seconds: cpuSeconds };
}

const hoursOf = (experiments: readonly ReleasedExperiment[]) =>
  Math.round(experiments.flatMap(({ records }) => records).reduce((sum, { seconds }) => sum + seconds, 0) / 36) / 100;
