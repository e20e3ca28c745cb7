import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeError } from "../../../lib/core/errors";
import { projectRoot } from "../../../lib/core/project-root";
import { probeTensorflow } from "../../../lib/engine";
import { writeAtomic } from "../../../lib/io/atomic";
import { readHashes } from "../../../lib/lab/status/verify";
import { bundle } from "./bundle";
import { computedBy } from "./computed-by";
import type { Bytes } from "./main";
import { emulatedArm, emulatedModels, ownProcessors, type Processor } from "./processors";

const flag = { type: "boolean", default: false } as const;

interface Check {
  readonly name: string;
  readonly wanted: Bytes;
  compute(): Promise<Bytes>;
}

/** @returns the file of committed hashes of an engine */
export const committedBytes = (engine: Processor["engine"]): string => join(__dirname, `bytes.${engine}.json`);
const readBytes = (engine: Processor["engine"]) => JSON.parse(readFileSync(committedBytes(engine), "utf8")) as Bytes;

/**
 * Computes every operation, and a few steps of training, inference, routing and evaluation, on this processor and on emulated ones, two at a
 * time, and compares the bytes with the committed ones. `--jobs` computes all jobs of the profile tiny on an emulated arm64 besides, and
 * compares them with those of `configs/verify`. `--update` writes the bytes of operations and steps anew, from this processor.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { update: flag, jobs: flag } });
  const script = await bundle("main");
  const own = ownProcessors.filter(({ engine }) => engine === "wasm" || probeTensorflow().addon === "compiled");
  if (values.update)
    for (const processor of own.filter(({ environment }) => !environment))
      writeAtomic(
        committedBytes(processor.engine),
        `${JSON.stringify(await computedBy(processor, script), null, 1)}\n`,
      );
  const [models, arm] = [await emulatedModels(), await emulatedArm()];
  const processors = [...own, ...(own.length > 1 ? models.found : []), ...arm.found];
  const checks = processors.map((each): Check => ({
    name: each.name,
    wanted: readBytes(each.engine),
    compute: () => computedBy(each, script),
  }));
  if (values.jobs) checks.unshift(...(await Promise.all(arm.found.map(wholeJobs))).flat());
  const failed = await runChecks(checks);
  if (own.length === 1) console.log("skipped: tensorflow (the addon that is compiled here is missing: npm run setup)");
  for (const why of [...models.missing, ...arm.missing]) console.log(`skipped: ${why}`);
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Every job of the profile tiny, those of an experiment one after the other in one process: an emulator bears no forks. */
async function wholeJobs(processor: Processor): Promise<Check[]> {
  const script = await bundle("jobs");
  return Object.entries(readHashes("tiny", "wasm")).map(([id, jobs]) => ({
    name: `${processor.name}, jobs of ${id} at tiny`,
    wanted: Object.fromEntries(Object.entries(jobs).map(([name, hash]) => [`${id}/${name}`, hash])),
    async compute() {
      const work = mkdtempSync(join(tmpdir(), "iopfl-emulated-"));
      try {
        // What the compiler emits of each module does not depend on the processor, and takes it minutes here.
        const known = join(projectRoot, ".workbench", "emitted.json");
        if (existsSync(known)) copyFileSync(known, join(work, "emitted.json"));
        return await computedBy({ ...processor, environment: { IOPFL_WORK: work } }, script, [id]);
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    },
  }));
}

/** Two at a time, a line for each. @returns how many failed */
async function runChecks(checks: readonly Check[]): Promise<number> {
  const waiting = [...checks];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { name, wanted } = check;
      const started = performance.now();
      const bytes = await check.compute();
      const different = Object.keys({ ...wanted, ...bytes }).filter((key) => bytes[key] !== wanted[key]);
      failed += different.length > 0 ? 1 : 0;
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const equal = `${Object.keys(bytes).length} hashes, ${different.length} different`;
      console.log(`${different.length > 0 ? "FAIL" : "ok"}  ${name}: ${equal}, ${seconds} s`);
      for (const key of different) console.log(`        ${key}`);
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}

if (require.main === module)
  main().catch((error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
