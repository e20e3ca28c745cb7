import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { quote, WorkbenchError } from "../../core/errors";
import { configIds } from "../../records/paths";
import { readOwnRecords } from "../../records/read";
import { readManifest } from "../../records/release/manifest";
import { readReleased } from "../../records/release/released";
import { experimentsAt } from "../../records/experiment-at";
import type { FoundRecord } from "../../records/found";
import { distinct } from "../strata";

/** One side of a comparison: some records, and what they were asked for by. */
export interface Side {
  /** As the user named it. */
  readonly name: string;
  readonly what: "folder" | "profile" | "engine" | "seed" | "commit" | "released" | "mine";
  readonly records: readonly FoundRecord[];
  /** Files that could not be read, a line each. */
  readonly damaged: readonly string[];
}

const engines = ["tensorflow", "webgpu", "wasm", "cpu"];

/**
 * Finds the records that a word stands for: a folder of results, a profile, an engine, `seed=0`, a commit, `released` or `mine`.
 * @param profile whose records are searched by engine, seed or commit
 * @throws WorkbenchError when the word is none of these, or when there is no such record
 */
export function findSide(name: string, profile: string): Side {
  const seed = /^seed[=:]?(\d+)$/.exec(name)?.[1];
  if (existsSync(name) && statSync(name).isDirectory()) return some(name, "folder", inFolder(resolve(name), profile));
  if (configIds("profiles").includes(name)) return some(name, "profile", ofProfile(name));
  const found = ofProfile(profile);
  const those = (what: Side["what"], which: (found: FoundRecord) => boolean) =>
    some(name, what, { ...found, records: found.records.filter(which) }, found.records);
  if (name === "released") return some(name, "released", released(profile));
  if (name === "mine") return some(name, "mine", mine(profile));
  if (seed !== undefined) return those("seed", ({ record }) => record.seed === Number(seed));
  if (engines.includes(name)) return those("engine", ({ record }) => record.numerics.engine === name);
  if (/^[0-9a-f]{7,40}$/.test(name)) return those("commit", ({ provenance }) => isOf(provenance?.commit ?? "", name));
  throw new WorkbenchError(
    `${quote(name)} is no side of a comparison`,
    `name a folder of results, a profile (${configIds("profiles").join(", ")}), an engine, seed=0, a commit of seven digits or more, released, or mine`,
  );
}

type Found = Pick<Side, "records" | "damaged">;

/** What was measured with changes that were not committed is no result of that commit. */
const isOf = (commit: string, name: string) =>
  /^[0-9a-f]+$/.test(commit) && (commit.startsWith(name) || name.startsWith(commit));

function some(name: string, what: Side["what"], { records, damaged }: Found, all: readonly FoundRecord[] = []): Side {
  if (records.length > 0) return { name, what, records, damaged };
  const there = {
    engine: all.map(({ record }) => record.numerics.engine),
    seed: all.map(({ record }) => `seed=${record.seed}`),
    commit: all.flatMap(({ provenance }) => provenance?.commit ?? []),
  }[what as string];
  const [first] = damaged;
  throw new WorkbenchError(
    `there is no record of ${what === name ? "" : `${what} `}${quote(name)}${first === undefined ? "" : `: ${first}`}`,
    there && there.length > 0 ? `there are ${distinct(there).join(", ")}` : "npx iopfl status shows what there is",
  );
}

const gather = (each: readonly Found[]): Found => ({
  records: each.flatMap(({ records }) => records),
  damaged: distinct(each.flatMap(({ damaged }) => damaged)),
});

/** A folder of results holds profiles, a profile's folder experiments. */
function inFolder(folder: string, profile: string): Found {
  const [results, id] = existsSync(join(folder, profile)) ? [folder, profile] : [dirname(folder), basename(folder)];
  const experiments = readdirSync(join(results, id), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return gather(experiments.map(({ name }) => readOwnRecords(id, name, results)));
}

const mine = (profile: string): Found =>
  gather(distinct(experimentsAt(profile).map(({ id, of }) => of ?? id)).map((id) => readOwnRecords(profile, id)));

function released(profile: string): Found {
  const experiments = Object.keys(readManifest(profile)?.experiments ?? {});
  return { records: experiments.flatMap((id) => [...readReleased(profile, id).records.values()]), damaged: [] };
}

/** Own records first: where a side has two for the same run, its own is taken. */
const ofProfile = (profile: string): Found => gather([mine(profile), released(profile)]);
