/**
 * How much the lab itself costs: `node -r ts-node/register test/lab/bench.ts [--json]`. Plans 10,000 jobs and works them off with
 * workers that do nothing; measures what a round costs besides training and evaluation.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEngine } from "../../lib/engine";
import { openClaims } from "../../lib/lab/claims";
import { planJobs } from "../../lib/lab/jobs";
import { runPool } from "../../lib/lab/pool";
import { roundOverhead } from "./round-overhead";
import { smallPlan } from "./small-plan";

const jobCount = 10_000;
const workers = 8;

async function main(): Promise<void> {
  const { experiment, profile } = smallPlan;
  const inside = { ...experiment, kind: "inside", methods: ["local-only", "fedavg", "fedprox", "fedbn", "iop-fl"].map((id) => ({ id, params: {} })) } as typeof experiment;
  const seeds = Array.from({ length: jobCount / 5 }, (_, seed) => seed);
  const planned = performance.now();
  const jobs = planJobs({ ...smallPlan, experiment: inside, profile: { ...profile, seeds } }).map((job, index) => ({ ...job, id: `${index}x${job.id}`, name: `${job.name}.${index}` }));
  const planSeconds = (performance.now() - planned) / 1000;

  const claims = openClaims();
  const options = { engine: "wasm", workers, folder: "", claims, script: join(__dirname, "idle-worker.ts") } as const;
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
  if (failures.length > 0 || done !== jobCount) throw new Error(`${done} of ${jobCount} done, ${failures.length} failed`);

  await startEngine("wasm");
  const overhead = await roundOverhead();
  const figures = { jobs: jobCount, workers, planSeconds, overheadMillisecondsPerJob: perJob, roundOverheadShare: overhead };
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    process.stdout.write(`plan of ${jobCount} jobs: ${planSeconds.toFixed(2)} s (limit 5)\n`);
    process.stdout.write(`working them off with ${workers} idle workers: ${perJob.toFixed(2)} ms each (limit 5)\n`);
    process.stdout.write(`a round outside training and evaluation: ${(100 * overhead).toFixed(1)} % (limit 5)\n`);
  }
  if (planSeconds > 5 || perJob > 5 || overhead > 0.05) process.exitCode = 1;
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
