import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Interrupted, WorkbenchError } from "../../core/errors";
import { makeWritable, writeAtomic } from "../../io/atomic";
import { configIds, configPath, projectRoot, workFolder } from "../../records/paths";
import { recordSchema } from "../../records/schema";
import {
  compareHashes,
  hashesPath,
  hashNumbers,
  readHashes,
  type ResultHashes,
  type VerifiedEngine,
} from "../../lab/status/verify";
import { verifyFolderPrefix } from "../../lab/locks/leftovers";
import { interruptible } from "../interrupt";
import { describeSeconds } from "../../core/duration";
import { printJson } from "../streams";

export interface VerifyOptions {
  readonly profile: string;
  readonly engine: VerifiedEngine;
  readonly update: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

/**
 * `iopfl verify`: computes a very small profile anew, phantom and all, and compares every number with the hashes that are
 * committed for the engine. @throws WorkbenchError when one differs
 */
export async function verify(experiments: readonly string[], options: VerifyOptions): Promise<void> {
  const { profile, engine, update, quiet, json } = options;
  const started = performance.now();
  const committed = update ? {} : readHashes(profile, engine);
  for (const id of experiments) configPath("experiments", id);
  const chosen = experiments.length > 0 ? experiments : update ? configIds("experiments") : Object.keys(committed);
  const computed = await computeAnew(chosen, profile, engine, quiet);
  if (update) {
    writeAtomic(hashesPath(profile, engine), `${JSON.stringify(computed, null, 1)}\n`);
    process.stdout.write(
      `committed results of profile ${profile} written anew: ${Object.values(computed).flatMap(Object.keys).length} jobs\n`,
    );
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

/** Runs experiments in a folder of their own, so that nothing that was computed before is reused. */
async function computeAnew(
  experiments: readonly string[],
  profile: string,
  engine: VerifiedEngine,
  quiet: boolean,
): Promise<ResultHashes> {
  makeWritable(workFolder);
  const folder = mkdtempSync(verifyFolderPrefix());
  const results = join(folder, "results");
  try {
    const hashes: ResultHashes = {};
    for (const id of experiments) {
      await runIn({ ...process.env, IOPFL_WORK: join(folder, "work"), IOPFL_RESULTS: results }, [
        "run",
        id,
        "--profile",
        profile,
        "--engine",
        engine,
        ...(quiet ? ["--quiet"] : []),
      ]);
      hashes[id] = hashRecords(join(results, profile, id));
    }
    return hashes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

async function runIn(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<void> {
  const code = await interruptible(
    (signal) =>
      new Promise<number | null>((resolve) => {
        const child = spawn(process.execPath, [join(projectRoot, "lib", "cli", "iopfl.cjs"), ...args], {
          env,
          stdio: ["ignore", "ignore", "inherit"],
        });
        signal.addEventListener("abort", () => child.kill("SIGINT"));
        child.once("exit", resolve);
      }),
  );
  if (code === 130) throw new Interrupted("verify");
  if (code !== 0) throw new WorkbenchError(`iopfl ${args.join(" ")} failed`, "see above");
}
