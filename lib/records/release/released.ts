import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { sha256 } from "../../core/hash";
import { readText } from "../../io/byte-source";
import type { FoundRecord } from "../found";
import { changed } from "./changed";
import { readLine } from "./line";
import { manifestPath, readManifest, releaseFolder, type ReleasedEntry } from "./manifest";

/** The released records of an experiment. */
export interface Released {
  /** By question. */
  readonly records: ReadonlyMap<string, FoundRecord>;
  readonly probes: readonly FoundRecord[];
}

const parts = ["records", "probes"] as const;
export type ReleasedPart = (typeof parts)[number];

export const releasedPath = (profile: string, experiment: string, part: ReleasedPart): string =>
  join(releaseFolder(profile), `${experiment}.${part}.jsonl`);

/** Where the passes before the last lie, which are read when they are looked at. */
export const passesPath = (profile: string, experiment: string, part: ReleasedPart): string =>
  join(releaseFolder(profile), `${experiment}.${part}.passes.jsonl`);

/**
 * @returns the released records of an experiment, none where it is not released
 * @throws WorkbenchError naming the record when one is not what was released
 */
export function readReleased(profile: string, experiment: string): Released {
  const files = [manifestPath(profile), ...parts.map((part) => releasedPath(profile, experiment, part))];
  const stamp = files.map(stampOf).join();
  const key = files.join();
  const before = known.get(key);
  if (before?.stamp === stamp) return before.released;
  const released = readAnew(profile, experiment);
  known.set(key, { stamp, released });
  return released;
}

/** A page asks for the same experiment a dozen times; what was written anew since is read anew. */
const known = new Map<string, { readonly stamp: string; readonly released: Released }>();

function stampOf(path: string): string {
  const { mtimeNs, size, ino } = statSync(path, { bigint: true, throwIfNoEntry: false }) ?? {};
  return [mtimeNs, size, ino].join(" ");
}

function readAnew(profile: string, experiment: string): Released {
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
  const lines = linesOf(releasedPath(profile, experiment, part));
  if (lines.length !== entries.length)
    throw changed(profile, `${experiment} has ${lines.length} ${part} and its manifest ${entries.length}`);
  const passed = entries.filter(({ passes }) => passes !== undefined);
  let earlier: readonly string[] | undefined;
  return entries.map((entry, index) => {
    const { name, sha256: expected, question, passes } = entry;
    const intact = (line: string | undefined, hash: string): string => {
      if (line !== undefined && sha256(line) === hash) return line;
      throw changed(profile, `${experiment}/${name} is not what was released`);
    };
    const passesOf = () => {
      earlier ??= linesOf(passesPath(profile, experiment, part));
      return intact(earlier[passed.indexOf(entry)], passes as string);
    };
    const line = intact(lines[index], expected);
    const guard = guardOf(profile, `${experiment}/${name}`);
    const found = guard(() => readLine(name, line, passes ? passesOf : undefined, guard));
    if (found.record.question !== question) throw changed(profile, `${experiment}/${name} answers another question`);
    return found;
  });
}

const linesOf = (path: string): string[] => (existsSync(path) ? readText(path, path).split("\n").filter(Boolean) : []);

/** @returns what calls a function that reads a record, and names the record where it has another form */
const guardOf =
  (profile: string, name: string) =>
  <Value>(read: () => Value): Value => {
    try {
      return read();
    } catch (error) {
      if (error instanceof WorkbenchError) throw error;
      throw changed(
        profile,
        `${name} has another form: ${(error as Error).message.replace(/\s+/g, " ").slice(0, 100)}`,
      );
    }
  };
