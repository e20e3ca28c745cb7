import { ownFolder } from "../support/own-folders";
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openClaims } from "../../../lib/lab/locks/claims";
import { lastFailure, logJobs, logPath } from "../../../lib/lab/execute/job-log";
import { planJobs, type Job } from "../../../lib/lab/plan/jobs";
import { runPool, type JobEvent } from "../../../lib/lab/execute/pool";
import { workFolder } from "../../../lib/records/paths";
import { createQueue } from "../../../lib/lab/execute/queue";
import { smallPlan } from "../support/small-plan";

const jobs = planJobs({ ...smallPlan, profile: { ...smallPlan.profile, seeds: [0, 1, 2, 3] } }).filter((job) =>
  job.name.includes("C"),
);
const named = (name: string) => jobs.find((job) => job.name === name) ?? assert.fail(name);

test("a failing job stops only what needs it; one whose process dies is tried once more; logs say how each ended", async () => {
  const done: string[] = [];
  const log = logJobs();
  const onEvent = (job: Job, event: JobEvent) => {
    if (event.type === "done") done.push(job.name);
    log(job, event);
  };
  const claims = openClaims();
  const failures = await runPool(jobs, {
    engine: "wasm",
    workers: 2,
    need: 290,
    folder: ownFolder,
    claims,
    onEvent,
    script: join(__dirname, "../support/odd-worker.ts"),
  });
  claims.close();

  assert.deepEqual(done.sort(), [
    "federation.without-C.seed0",
    "federation.without-C.seed2",
    "global.C.seed0",
    "global.C.seed2",
  ]);
  assert.deepEqual(failures.map(({ job, message }) => `${job.name}: ${message.split("\n")[0]}`).sort(), [
    "federation.without-C.seed1: Error: no luck",
    "federation.without-C.seed3: the worker process ended (exit code 9)",
    "global.C.seed1: needs federation.without-C.seed1, which failed",
    "global.C.seed3: needs federation.without-C.seed3, which failed",
  ]);
  assert.equal(lastFailure(named("federation.without-C.seed1")), "Error: no luck | at a line");
  assert.equal(lastFailure(named("federation.without-C.seed2")), undefined);
  assert.match(
    readFileSync(logPath(named("federation.without-C.seed2")), "utf8"),
    /started\n.* warning: the worker process was killed, probably for memory: [12] workers? of \d+ MB in \d+ MB; (going on with 1|trying again from its last checkpoint)\n(.* started\n)?.* done in 0 s\n$/,
  );
});

test("of workers that are killed for memory fewer go on; one that never fits says so", async () => {
  const log: string[] = [];
  const killed = async (workers: number, seeds: readonly number[]) => {
    const claims = openClaims();
    const wanted = jobs.filter(({ kind, seed }) => kind === "federation" && seeds.includes(seed));
    const folder = mkdtempSync(join(ownFolder, "killed-"));
    const failures = await runPool(wanted, {
      ...{ engine: "wasm", workers, need: 290, folder, claims },
      onEvent: (job, event) => {
        if (event.type !== "warning") return;
        log.push(`${job.name}: ${event.message}`);
        writeFileSync(join(folder, "told"), "");
      },
      script: join(__dirname, "../support/greedy-worker.ts"),
    });
    claims.close();
    return failures.map(({ job, message }) => `${job.name}: ${message}`);
  };
  // Seed 1 is killed while three are at work, and fits beside one other; seed 3 never fits.
  assert.deepEqual(await killed(3, [0, 1, 2]), []);
  assert.match(
    log.join("\n"),
    /^federation.without-C.seed1: .* was killed, probably for memory: 3 workers of \d+ MB in \d+ MB; going on with 2$/,
  );
  log.length = 0;
  const failures = await killed(2, [3]);
  assert.equal(failures.length, 1);
  assert.match(failures[0], /killed, probably for memory: 1 worker of \d+ MB in \d+ MB; one alone does not fit either/);
});

test("a worker that is killed while it starts is started again, and what it was to do is done", async () => {
  const wanted = jobs.filter(({ seed }) => seed === 0);
  const mark = join(workFolder, "kill-next-start");
  writeFileSync(mark, "");
  const claims = openClaims();
  const done: string[] = [];
  const onEvent = (job: Job, { type }: JobEvent) => type === "done" && done.push(job.name);
  const failures = await runPool(wanted, {
    engine: "wasm",
    workers: 2,
    need: 290,
    folder: ownFolder,
    claims,
    onEvent,
    script: join(__dirname, "../support/odd-worker.ts"),
  });
  claims.close();
  assert.deepEqual(failures, []);
  assert.ok(!existsSync(mark));
  assert.deepEqual(
    done,
    wanted.map(({ name }) => name),
  );
});

test("a fault that is no job's ends the run, and keeps no worker waiting for what will not come", async () => {
  const claims = openClaims();
  const broken = {
    ...claims,
    claim: (job: Job) => (job.kind === "adaptation" ? assert.fail("the work folder is gone") : claims.claim(job)),
  };
  const wanted = jobs.filter(({ seed }) => seed === 0 || seed === 2);
  await assert.rejects(
    runPool(wanted, {
      engine: "wasm",
      workers: 2,
      need: 290,
      folder: ownFolder,
      claims: broken,
      onEvent: () => undefined,
      script: join(__dirname, "../support/odd-worker.ts"),
    }),
    /the work folder is gone/,
  );
  claims.close();
});

test("the queue hands out the most costly ready job first, and an adaptation once its federation is done", async () => {
  const cost = (job: Job, value: number) => ({ ...job, cost: value });
  const [small, large, waiting] = [
    cost(named("federation.without-C.seed0"), 1),
    cost(named("federation.without-C.seed1"), 5),
    cost(named("global.C.seed0"), 9),
  ];
  const queue = createQueue([small, large, waiting], { claim: () => "taken" });
  const next = async () => (await queue.next())?.name;
  assert.deepEqual([await next(), await next()], [large.name, small.name]);
  const third = next();
  queue.succeed(small);
  assert.equal(await third, waiting.name);
  queue.succeed(large);
  queue.succeed(waiting);
  assert.equal(await next(), undefined);
});

test("a job that another process holds is asked for again, or left to it by a worker that does not need it", async () => {
  const job = named("federation.without-C.seed0");
  const adaptation = named("global.C.seed0");
  const answers = ["held", "held", "finished", "taken"] as const;
  let asked = 0;
  const patient = createQueue([job, adaptation], { claim: () => answers[asked++] });
  assert.equal((await patient.next())?.name, adaptation.name, "the federation was finished by the other");
  assert.equal(asked, 4);
  const busy = createQueue([job, adaptation], { claim: () => "held", awaited: () => false });
  assert.equal(await busy.next(), undefined);
  const stop = new AbortController();
  const stopped = createQueue([job], { claim: () => "held", signal: stop.signal });
  const answer = stopped.next();
  stop.abort();
  assert.equal(await answer, undefined);
});
