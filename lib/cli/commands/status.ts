import { relative } from "node:path";
import type { EngineChoice } from "../../engine";
import { readExperiments } from "../../records/config";
import { projectRoot, workFolder } from "../../records/paths";
import { snapshotPlace } from "../../lab/plan/plan-experiment";
import { resultsFolder } from "../../records/paths";
import { slurmState } from "../../lab/cluster/slurm";
import { diskUsed, experimentStatus, type ExperimentStatus } from "../../lab/status/status";
import { describeSeconds } from "../progress-line";

/** `iopfl status`: one line for each experiment, what failed below it, and the disk used. */
export async function status(options: { readonly profile: string; readonly engine: EngineChoice }): Promise<void> {
  const ids = readExperiments().map(({ id }) => id);
  const width = Math.max(...ids.map((id) => id.length));
  const states: ExperimentStatus[] = [];
  for (const id of ids) {
    const state = await experimentStatus(id, options);
    states.push(state);
    process.stdout.write(
      `${id.padEnd(width)}  ${describe(state)} (profile ${options.profile}, engine ${state.engine})\n`,
    );
    for (const [name, what] of [
      [id, ""],
      [snapshotPlace(id), " (from snapshots)"],
    ]) {
      const cluster = slurmState(options.profile, name);
      if (cluster) process.stdout.write(`  Slurm array ${cluster.array}${what}: ${describeStates(cluster.states)}\n`);
    }
    for (const { name, holder } of state.running) process.stdout.write(`  running: ${name}, ${holder}\n`);
    for (const { name, holder } of state.unreadable) process.stdout.write(`  waiting: ${name}, ${holder}\n`);
    for (const { name, message, again } of state.failed)
      process.stdout.write(`  failed: ${name}: ${message}; again: ${again}\n`);
  }
  process.stdout.write(`${"in all".padEnd(width)}  ${describe(sumOf(states))}\n`);
  process.stdout.write(
    `disk used: ${megabytes(workFolder)} in ${show(workFolder)}, ${megabytes(resultsFolder())} in ${show(resultsFolder())}\n`,
  );
}

/** Experiments are run one after the other: their times add up. Unknown as long as one of them has no measure. */
function sumOf(states: readonly ExperimentStatus[]): ExperimentStatus {
  const sum = (count: (state: ExperimentStatus) => number) => states.reduce((total, state) => total + count(state), 0);
  const open = states.filter(({ done, jobs }) => done < jobs);
  const secondsLeft = open.some((state) => state.secondsLeft === undefined)
    ? undefined
    : sum((state) => (state.done < state.jobs ? (state.secondsLeft ?? 0) : 0));
  const [running, failed] = [states.flatMap((state) => state.running), states.flatMap((state) => state.failed)];
  return {
    engine: "",
    dataKnown: states.some(({ dataKnown }) => dataKnown),
    jobs: sum(({ jobs }) => jobs),
    done: sum(({ done }) => done),
    running,
    unreadable: states.flatMap((state) => state.unreadable),
    failed,
    left: sum(({ left }) => left),
    secondsLeft,
  };
}

function describe({ dataKnown, jobs, done, running, failed, left, secondsLeft }: ExperimentStatus): string {
  if (!dataKnown) return `${jobs} jobs; their data are not there yet or have changed: the next run sees to them`;
  const time = done === jobs || secondsLeft === undefined ? "" : `, about ${describeSeconds(secondsLeft)} to go`;
  return `${done} of ${jobs} jobs done, ${running.length} running, ${failed.length} failed, ${left} left${time}`;
}

function describeStates(states: Readonly<Record<string, number>>): string {
  const parts = Object.entries(states).map(([state, count]) => `${count} ${state.toLowerCase()}`);
  return parts.length > 0 ? parts.join(", ") : "no task in the queue";
}

const megabytes = (folder: string) => `${(diskUsed(folder) / 1e6).toFixed(1)} MB`;
const show = (folder: string) => (folder.startsWith(projectRoot) ? relative(projectRoot, folder) : folder);
