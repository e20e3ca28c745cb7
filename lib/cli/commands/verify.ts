import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Interrupted, WorkbenchError } from "../../core/errors";
import { configIds, configPath } from "../../records/paths";
import { experimentsAt } from "../../records/experiment-at";
import { recordSchema } from "../../records/schema";
import {
  compareHashes,
  hashNumbers,
  readHashes,
  updateHashes,
  type ResultHashes,
  type VerifiedEngine,
} from "../../lab/status/verify";
import { readManifest } from "../../records/release/manifest";
import { readPictures } from "../../records/release/pictures";
import { readReleased } from "../../records/release/released";
import { runApart } from "../../lab/release/run-apart";
import { interruptible } from "../interrupt";
import { describeSeconds } from "../../core/duration";
import { printJson } from "../streams";

export interface VerifyOptions {
  readonly profile: string;
  readonly engine: VerifiedEngine;
  readonly update: boolean;
  /** Whether only the release is looked at. */
  readonly release: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

/**
 * `iopfl verify`: computes a very small profile anew, phantom and all, and compares every number with the hashes that are
 * committed for the engine. @throws WorkbenchError when one differs
 */
export async function verify(experiments: readonly string[], options: VerifyOptions): Promise<void> {
  if (options.release) return verifyReleases(experiments, options.json);
  const { profile, engine, update, quiet, json } = options;
  const started = performance.now();
  const committed = update ? {} : readHashes(profile, engine);
  for (const id of experiments) configPath("experiments", id);
  const chosen =
    experiments.length > 0
      ? experiments
      : update
        ? experimentsAt(profile).flatMap(({ id, of }) => (of === undefined ? [id] : []))
        : Object.keys(committed);
  const computed = await computeAnew(chosen, profile, engine, quiet);
  if (update) {
    const jobs = updateHashes(profile, engine, computed, experiments.length > 0);
    process.stdout.write(`committed results of profile ${profile} written anew: ${jobs} jobs\n`);
    return;
  }
  const expected = Object.fromEntries(Object.entries(committed).filter(([id]) => chosen.includes(id)));
  const { equal, different, missing, unknown } = compareHashes(expected, computed);
  const seconds = (performance.now() - started) / 1000;
  const jobs = equal.length + different.length + missing.length;
  if (json) printJson({ profile, engine, node: process.version, seconds, equal, different, missing, unknown });
  else {
    for (const name of unknown) process.stdout.write(`not committed: ${name}; npx iopfl verify --update adds it\n`);
    for (const name of [...different, ...missing]) process.stdout.write(`DIFFERENT: ${name}\n`);
    process.stdout.write(
      `${equal.length} of ${jobs} jobs gave the committed bytes (profile ${profile}, engine ${engine}, Node.js ${process.version}, ${describeSeconds(seconds)})\n`,
    );
  }
  if (different.length + missing.length > 0) {
    throw new WorkbenchError(
      `${different.length + missing.length} jobs did not give the committed numbers`,
      "if the code was meant to change them, npx iopfl verify --update; else this machine computes differently",
    );
  }
}

/** @throws WorkbenchError naming the record that is not what was released */
function verifyReleases(profiles: readonly string[], json: boolean): void {
  const chosen = profiles.length > 0 ? profiles : configIds("profiles");
  const found = chosen.flatMap((profile) => {
    const experiments = Object.keys(readManifest(profile)?.experiments ?? {});
    const records = experiments.reduce((sum, id) => sum + countIntact(profile, id), 0);
    const pictures = experiments.reduce((sum, id) => sum + readPictures(profile, id).length, 0);
    return experiments.length > 0 ? [{ profile, experiments: experiments.length, records, pictures }] : [];
  });
  if (json) return printJson(found);
  for (const { profile, experiments, records, pictures } of found)
    process.stdout.write(
      `${profile}: ${records} records and ${pictures} pictures of ${experiments} experiments are what was released\n`,
    );
  if (found.length === 0) process.stdout.write("nothing is released\n");
}

/** Every number of every record is looked at, so that each is what it was. */
function countIntact(profile: string, experiment: string): number {
  const { records, probes } = readReleased(profile, experiment);
  for (const { record } of [...records.values(), ...probes]) hashNumbers(record);
  return records.size;
}

/** Runs experiments in a folder of their own, so that nothing that was computed before is reused. */
function computeAnew(
  experiments: readonly string[],
  profile: string,
  engine: VerifiedEngine,
  quiet: boolean,
): Promise<ResultHashes> {
  return runApart(async ({ results, iopfl }) => {
    const hashes: ResultHashes = {};
    for (const id of experiments) {
      const args = ["run", id, "--profile", profile, "--engine", engine, ...(quiet ? ["--quiet"] : [])];
      const { stopped } = await interruptible((signal) => iopfl(args, signal));
      if (stopped) throw new Interrupted("verify");
      hashes[id] = hashRecords(join(results, profile, id));
    }
    return hashes;
  });
}

function hashRecords(folder: string): Record<string, string> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
  return Object.fromEntries(
    files.map((file) => [
      basename(file, ".json"),
      hashNumbers(recordSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")))),
    ]),
  );
}
