import { ownFolder } from "../support/own-folders";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { describeError } from "../../../lib/core/errors";
import { sha256 } from "../../../lib/core/hash";
import { createRandom } from "../../../lib/core/random";
import { layoutSize } from "../../../lib/core/layout";
import { startEngine, type Engine } from "../../../lib/engine";
import { isFinished, openClaims, tidy } from "../../../lib/lab/locks/claims";
import { planJobs, type Job } from "../../../lib/lab/plan/jobs";
import { describeRun, startClock } from "../../../lib/lab/jobs/provenance";
import { finishJob, runJob } from "../../../lib/lab/jobs/run-job";
import { unetLayout } from "../../../lib/nets/model/unet-layout";
import { smallSite } from "../../federation/support/small-site";
import { failAt, Killed } from "../support/failing-disk";
import { smallPlan } from "../support/small-plan";

/** IOPFL_LONG_TESTS=1 asks for the long form: 1,000 kills at random moments, several in a row. */
const long = process.env.IOPFL_LONG_TESTS === "1";
const sites = new Map(["A", "B", "C"].map((name) => [name, smallSite(name, { train: 2, validation: 1, test: 1 })]));
const jobs = planJobs(smallPlan).filter(
  (job) => job.name === "federation.without-C.seed0" || job.name === "global.C.seed0",
);
const random = createRandom("kills");
/** One client's state fits into memory, the others go to disk: both ways of keeping them are under fire. */
const memory = 4 * layoutSize(unetLayout({ inChannels: 3, classes: 2, features: 2 }));
let engine: Engine;
let expected: Record<string, string>;

before(async () => {
  engine = await startEngine("wasm");
  await runAll();
  expected = outcome();
});

/** What a worker and the process above it do, in one process. */
async function runAll(): Promise<void> {
  tidy(jobs);
  const claims = openClaims();
  try {
    for (const job of jobs.filter((each) => !isFinished(each))) {
      assert.equal(claims.claim(job), "taken", job.name);
      await runOne(job);
      claims.release(job, true);
    }
  } finally {
    claims.close(); // of a dead process nothing of this reaches the disk; its heartbeat ends with it
  }
}

async function runOne(job: Job): Promise<void> {
  const clock = startClock();
  finishJob(job, await runJob(job, sites, { clock, memory }), describeRun(job.id, engine, clock, "unknown"));
}

/** Every file that is left, without what may differ: records whole, models as hashes. */
function outcome(): Record<string, string> {
  const files = (
    readdirSync(ownFolder, { recursive: true, withFileTypes: true }) as {
      name: string;
      parentPath?: string;
      path: string;
      isFile(): boolean;
    }[]
  ).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ name, parentPath, path }) => {
      const file = join(parentPath ?? path, name);
      const varies = file.includes("provenance");
      return [file.slice(ownFolder.length), varies ? "" : sha256(readFileSync(file))];
    }),
  );
}

const startAnew = () =>
  ["work", "results"].forEach((name) => rmSync(join(ownFolder, name), { recursive: true, force: true }));

/** The process that died was this one, which lives: its leases are given the id of one that is really gone. */
const gone = spawnSync(process.execPath, ["-e", ""]).pid;
function bury(): void {
  const folder = join(ownFolder, "work", "leases");
  for (const file of existsSync(folder) ? readdirSync(folder).filter((name) => /\.(\d+|tmp)$/.test(name)) : []) {
    writeFileSync(
      join(folder, file),
      readFileSync(join(folder, file), "utf8").replace(`"pid":${process.pid}`, `"pid":${gone}`),
    );
  }
}

/** @returns what the run ended with, or `undefined` when it came to its end before the fault did */
async function runWithFault(at: number, fault: () => Error): Promise<unknown> {
  const disk = failAt(at, random.uniform(), fault);
  try {
    await runAll();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    disk.restore();
    bury();
  }
}

async function countWrites(): Promise<number> {
  startAnew();
  const disk = failAt(Infinity, 0, () => new Killed());
  await runAll();
  disk.restore();
  return disk.count();
}

test("killed at any write, also twice, it resumes to the identical bytes and leaves nothing behind", async () => {
  const writes = await countWrites();
  assert.ok(writes > 50, `${writes} writes`);
  const moments = long
    ? Array.from({ length: 1000 }, () => 1 + random.integer(writes))
    : Array.from({ length: 25 }, (_, index) => 1 + Math.floor(((index + random.uniform()) * writes) / 25));
  for (const moment of moments) {
    startAnew();
    await runWithFault(moment, () => new Killed());
    for (let again = 0; again < 3 && random.uniform() < 0.3; again++)
      await runWithFault(1 + random.integer(writes), () => new Killed());
    await runAll();
    openClaims().close(); // the next to work here clears up
    assert.deepEqual(outcome(), expected, `killed at write ${moment} of ${writes}`);
  }
});

test("a full disk and a read-only folder are one line at any write; what was finished stays, the rest resumes to the same bytes", async () => {
  const writes = await countWrites();
  for (let index = 0; index < (long ? writes : 6); index++) {
    const code = index % 2 === 0 ? "ENOSPC" : "EROFS";
    const moment = long ? index + 1 : 1 + random.integer(writes);
    startAnew();
    const error = await runWithFault(moment, () => Object.assign(new Error(code), { code }));
    if (error !== undefined)
      assert.doesNotMatch(describeError(error), /\n/, `${code} at write ${moment} of ${writes}: ${String(error)}`);
    await runAll();
    assert.deepEqual(outcome(), expected, `${code} at write ${moment} of ${writes}`);
  }
});
