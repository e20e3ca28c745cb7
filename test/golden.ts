import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeError, WorkbenchError } from "../lib/core/errors";
import { engineNames, probeTensorflow } from "../lib/engine";
import { loadCheck, type CaseReport } from "./golden-worker";
import { loadTypescript } from "../lib/core/load-typescript";

/** Every case of test/golden/README.md (`nifti` belongs to `volume`). One whose check is not written yet is pending. */
const knownCases = [
  ...["unet", "losses", "gradients", "adam", "federation", "baselines", "routing", "transforms"],
  ...["volume", "checkpoint", "metrics", "statistics", "inside-methods", "outside-methods"],
];
const shownFailures = 20;

interface Tally {
  passed: number;
  failed: number;
}

/** What the engine tensorflow computes where our operations cannot be had: the library's own kernels, as with the official addon. */
const libraryAlone = { label: "tensorflow without our operations", environment: { IOPFL_VECTORS: "none" } } as const;

/**
 * Runs the golden tests of the folder in GOLDEN_DIR (default test/golden). `--engine a,b` chooses engines (default tensorflow,wasm); tensorflow
 * runs twice, with our operations and without.
 */
async function main(): Promise<Tally> {
  const { values } = parseArgs({ options: { engine: { type: "string", default: "tensorflow,wasm" } } });
  const engines = values.engine.split(",").filter(Boolean);
  const unknown = engines.find((name) => !engineNames.some((known) => known === name));
  if (unknown !== undefined)
    throw new WorkbenchError(`unknown engine "${unknown}"`, `use some of ${engineNames.join(", ")}`);
  const folder = resolve(process.env.GOLDEN_DIR || join(__dirname, "golden"));
  if (!existsSync(folder))
    throw new WorkbenchError(`GOLDEN_DIR names ${folder}, which does not exist`, "name a folder of golden cases");

  const tally: Tally = { passed: 0, failed: 0 };
  const found = readdirSync(folder).flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : []));
  const fail = (line: string) => {
    console.log(`FAIL  ${line}`);
    tally.failed++;
  };
  for (const name of found.filter((each) => !knownCases.includes(each))) fail(`${name}: nobody knows this case`);
  const absent = knownCases.filter((each) => !found.includes(each));
  // Another folder may hold fewer cases, and then it is said which; the project's own copy is whole.
  const partial = Boolean(process.env.GOLDEN_DIR) && absent.length < knownCases.length;
  if (partial && absent.length > 0) console.log(`not in this folder: ${absent.join(", ")}`);
  if (!partial) for (const name of absent) fail(`${name}: ${join(folder, name)}.json is missing`);
  const present = knownCases.filter((name) => found.includes(name));
  const checks = present.flatMap((name) => loadCheck(name) ?? []);

  await runIn(
    folder,
    "none",
    checks.filter(({ engine }) => !engine).map(({ name }) => name),
    tally,
  );
  for (const engine of engines) {
    if (engine === "tensorflow" && !probeTensorflow().installed)
      fail("tensorflow: not installed; run npm run setup, or leave it out with --engine wasm");
    else {
      const names = checks.filter((check) => check.engine).map(({ name }) => name);
      await runIn(folder, engine, names, tally);
      if (engine === "tensorflow") await runIn(folder, engine, names, tally, libraryAlone);
    }
  }
  const pending = present.filter((name) => !loadCheck(name));
  if (pending.length > 0) console.log(`pending (their checks are not written yet): ${pending.join(", ")}`);
  return tally;
}

/** Runs cases in a process of their own; a case that the process did not live to report has failed. */
async function runIn(
  folder: string,
  engine: string,
  names: readonly string[],
  tally: Tally,
  { label: called = engine, environment = {} }: { label?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  if (names.length === 0) return;
  const label = (name: string) => (engine === "none" ? name : `${name} on ${called}`);
  const waiting = new Set(names);
  const complaints = await runWorker([folder, engine, ...names], environment, (line) => {
    const { name, comparisons, failures, milliseconds } = JSON.parse(line) as CaseReport;
    waiting.delete(name);
    tally[failures.length === 0 ? "passed" : "failed"]++;
    const verdict = failures.length === 0 ? "ok    " : "FAIL  ";
    console.log(`${verdict}${label(name)}: ${comparisons} comparisons, ${(milliseconds / 1000).toFixed(1)} s`);
    for (const failure of failures.slice(0, shownFailures)) console.log(`        ${failure}`);
    if (failures.length > shownFailures) console.log(`        and ${failures.length - shownFailures} more`);
  });
  for (const name of waiting) {
    tally.failed++;
    console.log(`FAIL  ${label(name)}: the process ended before it was checked`);
  }
  if (waiting.size > 0) console.log(complaints);
}

/** @returns what the worker wrote to standard error */
function runWorker(
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<string> {
  return new Promise((settle, reject) => {
    const worker = spawn(process.execPath, [...loadTypescript, join(__dirname, "golden-worker.ts"), ...parameters], {
      env: { ...process.env, ...environment },
    });
    let unfinished = "";
    let complaints = "";
    worker.stdout.on("data", (chunk: Buffer) => {
      const lines = (unfinished + chunk.toString()).split("\n");
      unfinished = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("{")) onLine(line);
    });
    worker.stderr.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
    worker.on("error", reject);
    worker.on("close", () => settle(complaints));
  });
}

main().then(
  ({ passed, failed }) => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  },
  (error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
