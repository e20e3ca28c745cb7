import { startEngine, type EngineName } from "../../../lib/engine";
import { openInputs } from "../../../lib/lab/jobs/job-inputs";
import { runJob } from "../../../lib/lab/jobs/run-job";
import { planExperiment } from "../../../lib/lab/plan/plan-experiment";
import { hashNumbers } from "../../../lib/lab/status/verify";

/**
 * Arguments: the engine, and experiments. Computes whole jobs of the profile tiny in this one process, as `npx iopfl verify` does in workers,
 * phantom and all; IOPFL_WORK should name an empty folder. Prints the hash of each job's numbers as JSON.
 */
async function main([engine, ...experiments]: readonly string[]): Promise<void> {
  await startEngine(engine as EngineName);
  const hashes: Record<string, string> = {};
  for (const id of experiments) {
    const plan = await planExperiment(id, { profile: "tiny", engine: engine as EngineName });
    const inputs = openInputs();
    for (const job of plan.jobs) {
      hashes[`${id}/${job.name}`] = hashNumbers(await runJob(job, inputs.sitesOf(job, plan.data.folder)));
      process.stderr.write(`${id}/${job.name}\n`);
    }
  }
  process.stdout.write(`${JSON.stringify(hashes)}\n`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
