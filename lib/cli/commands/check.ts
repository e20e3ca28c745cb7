import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { useOneOf } from "../../core/closest";
import { WorkbenchError } from "../../core/errors";
import { probeTensorflow } from "../../engine/install/probe";
import { watchTypes } from "../../notebook/types/check-types";
import { projectRoot } from "../../records/paths";
import { batchTests } from "../test-batches";
import { canBeAdded, forgetNotes, readLeftOut, readSlowest, reporterArguments } from "../test-notes";
import { describeSeconds } from "../../core/duration";
import { loadTypescript } from "../../core/load-typescript";

interface Step {
  readonly id: string;
  readonly title: string;
  /** Arguments of Node.js. @param part of the step, where one is named: `unit:cli` */
  readonly run: (part?: string) => readonly string[];
}

const bin = (path: string) => join("node_modules", ...path.split("/"));
const iopfl = join("lib", "cli", "iopfl.cjs");

/**
 * Milliseconds: a file of tests that hangs fails, instead of keeping the whole check waiting. The slowest takes four minutes on two
 * quiet cores; the limit grows with how long this machine takes, right now, for what takes a twentieth of a second there.
 */
function longestTest(): number {
  const started = performance.now();
  spawnSync(process.execPath, ["-e", ""]);
  return Math.round(15 * 60_000 * Math.max(1, (performance.now() - started) / 50));
}

/** Most files start processes of their own and wait for them for a part of their time. */
const filesAtOnce = (): number => Math.min(4, availableParallelism() + 2);

/** What takes one core and no more, so that two are run at a time; the longest first. */
const ofOneCore: readonly Step[] = [
  { id: "lint", title: "lint", run: () => [bin("eslint/bin/eslint.js"), "lib", "test"] },
  { id: "types", title: "types, TypeScript 5.9", run: () => [bin("typescript/bin/tsc"), "-p", "."] },
  {
    id: "types-5.0",
    title: "types, TypeScript 5.0 as in notebooks",
    run: () => [bin("typescript-5.0/bin/tsc"), "-p", "."],
  },
  {
    id: "format",
    title: "one format",
    run: () => [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
  },
  {
    id: "golden",
    title: "golden tests",
    run: () => [...loadTypescript, join("test", "golden.ts"), ...goldenEngines()],
  },
  { id: "notebook", title: "a notebook, headless", run: () => [iopfl, "notebooks", "01-data", "--profile", "quick"] },
  {
    id: "arrows",
    title: "arrows between the rooms of lib/",
    run: () => [bin("dependency-cruiser/bin/dependency-cruise.mjs"), "lib", "--config", ".dependency-cruiser.cjs"],
  },
  { id: "exports", title: "every export is used", run: () => [bin("knip/bin/knip.js"), "--no-progress"] },
  {
    id: "product",
    title: "nothing is there for tests alone",
    run: () => [bin("knip/bin/knip.js"), "--no-progress", "--production", "--config", "knip.production.json"],
  },
  { id: "clean", title: "committed notebooks are clean", run: () => [iopfl, "notebooks", "--check"] },
];

const unit: Step = {
  id: "unit",
  title: "unit tests",
  run: (part) => [
    ...[...loadTypescript, "--test", `--test-concurrency=${filesAtOnce()}`, `--test-timeout=${longestTest()}`],
    ...reporterArguments(),
    ...batchTests(testFiles(part)),
  ],
};

const steps: readonly Step[] = [...ofOneCore, unit];

/** `npm test` runs every step, also after a failure; `iopfl check lint unit:cli` runs those named. @throws WorkbenchError when one failed */
export async function check(names: readonly string[]): Promise<void> {
  const chosen = names.length === 0 ? steps.map((step) => ({ step, part: undefined })) : names.map(findStep);
  const failed = await runTwoAtATime(chosen.flatMap(({ step }) => (step === unit ? [] : [step])));
  const leftOut = new Map<string, number>();
  for (const { part } of chosen.filter(({ step }) => step === unit)) {
    const name = part === undefined ? unit.id : `${unit.id}:${part}`;
    if (!runUnit(name, part)) failed.push(name);
    for (const [reason, count] of readLeftOut()) leftOut.set(reason, (leftOut.get(reason) ?? 0) + count);
  }
  if (chosen.some(({ step }) => step.id === "golden") && goldenEngines().length > 0)
    leftOut.set("TensorFlow is not installed, golden ran on WebAssembly alone: npm run setup", 1);
  process.stdout.write(leftOut.size > 0 ? "\nleft out:\n" : "");
  for (const [reason, count] of leftOut) process.stdout.write(`  ${count} x ${reason}\n`);
  process.stdout.write(`\n${chosen.length - failed.length} passed, ${failed.length} failed\n`);
  if (failed.length > 0)
    throw new WorkbenchError(`failed: ${failed.join(", ")}`, `run one alone with npx iopfl check ${failed[0]}`);
  const missing = [...leftOut.keys()].filter(canBeAdded);
  if (inCi() && missing.length > 0)
    throw new WorkbenchError(`left out, though CI is to run everything: ${missing.join("; ")}`, "see its set-up");
}

/** Runs steps of one core, where there are two; what each prints stands together. @returns those that failed */
async function runTwoAtATime(asked: readonly Step[]): Promise<string[]> {
  const failed: string[] = [];
  const waiting = [...asked];
  const lane = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) if (!(await runApart(step))) failed.push(step.id);
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  return failed;
}

function runApart({ id, title, run }: Step): Promise<boolean> {
  const started = Date.now();
  const remember = id === "types" ? watchTypes() : undefined;
  const child = spawn(process.execPath, run(), { cwd: projectRoot, stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => printed.push(part));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      process.stdout.write(`\n== ${id}: ${title}\n${Buffer.concat(printed).toString()}`);
      process.stdout.write(
        `== ${id}: ${status === 0 ? "ok" : "FAILED"}, ${describeSeconds((Date.now() - started) / 1000)}\n`,
      );
      if (status === 0) remember?.();
      resolve(status === 0);
    });
  });
}

/** @returns whether it passed */
function runUnit(name: string, part: string | undefined): boolean {
  const started = Date.now();
  process.stdout.write(`\n== ${name}: ${unit.title}\n`);
  forgetNotes();
  const { status } = spawnSync(process.execPath, unit.run(part), { cwd: projectRoot, stdio: "inherit" });
  const took = describeSeconds((Date.now() - started) / 1000);
  const slowest = readSlowest(12).filter(({ seconds }) => seconds >= 10);
  if (slowest.length > 0) process.stdout.write("the slowest files:\n");
  for (const { file, seconds } of slowest) process.stdout.write(`  ${describeSeconds(seconds)}  ${file}\n`);
  process.stdout.write(`== ${name}: ${status === 0 ? "ok" : "FAILED"}, ${took}\n`);
  return status === 0;
}

/** What CI systems set: there, what set-up would have added must not be missing. */
const inCi = (): boolean => process.env.CI === "true";

/** Everywhere else golden runs on the engines that there are, and the check says which was left out. */
const goldenEngines = (): string[] => (probeTensorflow().installed || inCi() ? [] : ["--engine", "wasm"]);

function findStep(name: string): { step: Step; part: string | undefined } {
  const [id, part] = name.split(":", 2);
  const step = steps.find((each) => each.id === id);
  if (step && (part === undefined || (id === "unit" && testFiles(part).length > 0))) return { step, part };
  const known = steps.map((each) => each.id);
  throw new WorkbenchError(
    `unknown step "${name}"`,
    `${useOneOf(name, known)}; unit:cli runs the tests of test/cli alone`,
  );
}

/** @param folder below test, or all */
function testFiles(folder = ""): string[] {
  const root = join(projectRoot, "test", folder);
  if (!existsSync(root)) return [];
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", folder, file))
    .sort();
}
