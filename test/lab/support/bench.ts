/**
 * How much the lab itself costs: `npm run bench:lab [-- --json]`. Plans 10,000 jobs and works them off with workers that do nothing;
 * measures what a round costs besides training and evaluation, what 60 clients hold in memory against 6, and a thousand rounds.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEngine } from "../../../lib/engine";
import { openClaims } from "../../../lib/lab/locks/claims";
import { fitSlope } from "../../../lib/bench/fit";
import { planJobs } from "../../../lib/lab/plan/jobs";
import { runPool } from "../../../lib/lab/execute/pool";
import type { Held, ManyClients } from "./many-clients";
import { roundOverhead } from "./round-overhead";
import { smallPlan } from "./small-plan";
import { loadTypescript } from "../../../lib/core/load-typescript";

const jobCount = 10_000;
const workers = 8;

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
}

async function main(): Promise<void> {
  const figures = [...clientMemory(), ...soak(), ...(await manyJobs()), await overhead()];
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else
    for (const { what, value, unit, limit } of figures)
      process.stdout.write(`${what}: ${value.toFixed(2)} ${unit} (limit ${limit})\n`);
  if (figures.some(({ value, limit }) => !(value <= limit))) process.exitCode = 1;
}

/** In a process of its own: the peak of memory is a process's. */
function hold(what: ManyClients): Held {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...loadTypescript, join(__dirname, "many-clients.ts"), JSON.stringify(what)],
    { encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Held;
}

function clientMemory(): Figure[] {
  const [few, many] = [6, 60].map((clients) => hold({ clients, rounds: 3, features: 16, slices: 120 }));
  const states = `a model and an upload of ${few.stateMegabytes.toFixed(1)} MB for each client`;
  process.stderr.write(
    `peak memory: ${few.peakMegabytes.toFixed(0)} MB with 6 clients, ${many.peakMegabytes.toFixed(0)} MB with 60; ${states}\n`,
  );
  return [
    {
      what: "peak memory, 60 clients against 6",
      value: many.peakMegabytes / few.peakMegabytes,
      unit: "times",
      limit: 1.15,
    },
  ];
}

/** A thousand rounds with a checkpoint after each, and every client's state on disk. */
function soak(): Figure[] {
  const { residentMegabytes, tensors } = hold({ clients: 3, rounds: 1000, features: 2, slices: 6, memory: 0 });
  // The first half is left for caches to fill and for the garbage collector to find its size.
  const later = residentMegabytes.slice(500);
  process.stderr.write(
    `a thousand rounds: resident ${[0, 250, 500, 750, 999].map((at) => residentMegabytes[at].toFixed(0)).join(", ")} MB\n`,
  );
  return [
    {
      what: "memory over a thousand rounds grows by",
      value:
        1000 *
        fitSlope(
          later.map((_, round) => round),
          later,
        ),
      unit: "MB",
      limit: 20,
    },
    { what: "numbers of tensors that were seen after rounds", value: tensors.length, unit: "", limit: 1 },
  ];
}

async function manyJobs(): Promise<Figure[]> {
  const { experiment, profile } = smallPlan;
  const inside = {
    ...experiment,
    kind: "inside",
    methods: ["local-only", "fedavg", "fedprox", "fedbn", "iop-fl"].map((id) => ({ id, params: {} })),
  } as typeof experiment;
  const seeds = Array.from({ length: jobCount / 5 }, (_, seed) => seed);
  const planned = performance.now();
  const jobs = planJobs({ ...smallPlan, experiment: inside, profile: { ...profile, seeds } }).map((job, index) => ({
    ...job,
    id: `${index}x${job.id}`,
    name: `${job.name}.${index}`,
  }));
  const planSeconds = (performance.now() - planned) / 1000;

  const claims = openClaims();
  const options = {
    need: 290,
    engine: "wasm",
    workers,
    folder: "",
    claims,
    script: join(__dirname, "idle-worker.ts"),
  } as const;
  let done = 0;
  const started = performance.now();
  const failures = await runPool(jobs, {
    ...options,
    onEvent(_, { type }) {
      if (type === "done") done++;
    },
  });
  claims.close();
  const perJob = (performance.now() - started) / jobCount;
  if (failures.length > 0 || done !== jobCount)
    throw new Error(`${done} of ${jobCount} done, ${failures.length} failed`);

  return [
    { what: `plan of ${jobCount} jobs`, value: planSeconds, unit: "s", limit: 5 },
    { what: `working them off with ${workers} idle workers, each`, value: perJob, unit: "ms", limit: 5 },
  ];
}

async function overhead(): Promise<Figure> {
  await startEngine("wasm");
  return { what: "a round outside training and evaluation", value: 100 * (await roundOverhead()), unit: "%", limit: 5 };
}

const folder = mkdtempSync(join(tmpdir(), "iopfl-lab-bench-"));
process.env.IOPFL_WORK ??= folder;
process.env.IOPFL_RESULTS ??= folder;
main()
  .catch((error) => {
    process.exitCode = 1;
    console.error(error);
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
