import { join } from "node:path";
import type { Profile } from "../../records/config";
import { dataMemory } from "../../records/data-memory";
import { configFolder, projectRoot, workFolder } from "../../records/paths";
import { resultsFolder } from "../../records/paths";

export interface ScriptInput {
  /** Names the jobs in the queue. */
  readonly name: string;
  /** What a worker runs: arguments of `iopfl work`. */
  readonly work: readonly string[];
  readonly profile: Profile;
  /** Training slices per site. */
  readonly slices: Readonly<Record<string, number>>;
}

/**
 * The script of each task of the array: one worker on the job list. Slurm requeues it when its node fails or is taken away; two minutes
 * before its time is up it stops after the current batch and queues itself again; a worker that ends badly is started again twice.
 * Logs go to the folder in which it is submitted: a path in a directive would have to be quoted, and a % in it means something.
 */
export function arrayScript({ name, work, profile, slices }: ScriptInput): string {
  return `#!/bin/bash
#SBATCH --job-name=iopfl-${name}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=${memoryMegabytes(profile, slices)}M
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --signal=B:USR1@120
#SBATCH --open-mode=append
#SBATCH --output=task-%a.log
${environment()}
stopped= again=
stop() { stopped=1; kill -INT "$worker" 2>/dev/null; }
trap stop TERM                 # cancelled or requeued: Slurm knows what follows
trap 'again=1; stop' USR1      # time is nearly up
for attempt in 1 2 3; do
  ${command(["work", ...work])} &
  worker=$!
  wait "$worker"; code=$?
  # A signal ends the first wait early: wait for the worker's own end.
  while kill -0 "$worker" 2>/dev/null; do wait "$worker"; code=$?; done
  [ "$code" -eq 0 ] && exit 0
  # By its place in the array: the last task's SLURM_JOB_ID is also the id of the whole array.
  if [ -n "$again" ]; then exec scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"; fi
  [ -n "$stopped" ] && exit "$code"
  echo "worker ended with code $code (attempt $attempt)"
done
exit "$code"
`;
}

/** The script of the job that follows the array. */
export function reportScript({ name, profile }: ScriptInput): string {
  return `#!/bin/bash
#SBATCH --job-name=iopfl-report-${name}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=2000M
#SBATCH --time=01:00:00
#SBATCH --output=report.log
${environment()}
${command(["report", "--profile", profile.id])}
`;
}

/**
 * An estimate on the safe side: 1.5 GB for Node.js and the engine; for each slice of a batch, 80 maps of `features` channels at full
 * size, twice what a training step of the U-Net was seen to hold; and the slices themselves, with masks and a copy of one site.
 */
function memoryMegabytes(
  { data: { side }, net, training, adaptation }: Profile,
  slices: Readonly<Record<string, number>>,
): number {
  const activations = 80 * net.features * side ** 2 * Math.max(training.batch, adaptation.batch) * 4;
  // Six in ten slices train.
  const whole = (Object.values(slices).reduce((sum, count) => sum + count, 0) / 0.6) * side ** 2 * 5;
  // Beyond what a process holds, slices are read from the disk, and nothing is copied.
  const data = 2 * Math.min(whole, dataMemory());
  return Math.ceil((1.5e9 + activations + data) / 1e8) * 100;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const command = (args: readonly string[]) =>
  [process.execPath, join(projectRoot, "lib", "cli", "iopfl.cjs"), ...args].map(quote).join(" ");

/** The same folders as where it was submitted, on every node. */
function environment(): string {
  const places = { IOPFL_WORK: workFolder, IOPFL_RESULTS: resultsFolder(), IOPFL_CONFIGS: configFolder };
  return [
    ...Object.entries(places).map(([name, path]) => `export ${name}=${quote(path)}`),
    `cd ${quote(projectRoot)} || exit 1`,
  ].join("\n");
}
