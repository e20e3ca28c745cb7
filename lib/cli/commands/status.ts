import { relative } from "node:path";
import type { EngineChoice } from "../../engine";
import { experimentsAt } from "../../records/experiment-at";
import { projectRoot, workFolder } from "../../records/paths";
import { snapshotPlace } from "../../lab/plan/plan-experiment";
import { resultsFolder } from "../../records/paths";
import { slurmState, type SlurmState } from "../../lab/cluster/slurm";
import { diskUsed, estimated, experimentStatus, type ExperimentStatus } from "../../lab/status/status";
import { describeSeconds } from "../../core/duration";
import { printJson } from "../streams";

interface StatusOptions {
  readonly profile: string;
  readonly engine: EngineChoice;
  readonly json: boolean;
}

/** `iopfl status`: one line for each experiment, what failed below it, and the disk used. */
export async function status(options: StatusOptions): Promise<void> {
  const ids = experimentsAt(options.profile).map(({ id }) => id);
  const width = Math.max(...ids.map((id) => id.length));
  const found: ExperimentStatus[] = [];
  for (const id of ids) found.push(await experimentStatus(id, options));
  const states = estimated(found);
  if (!options.json) states.forEach((state, index) => show(ids[index].padEnd(width), state, options.profile));
  const disk = { work: diskUsed(workFolder), results: diskUsed(resultsFolder()) };
  if (options.json) {
    const experiments = states.map((state, index) => ({
      id: ids[index],
      ...state,
      slurm: arraysOf(options.profile, ids[index]).map(({ array, states: tasks }) => ({ array, tasks })),
    }));
    return printJson({ profile: options.profile, experiments, disk });
  }
  const all = sumOf(states.filter(({ of }) => of === undefined));
  process.stdout.write(`${"in all".padEnd(width)}  ${describe(all)}${spentOn(all)}\n`);
  process.stdout.write(
    `disk used: ${megabytes(disk.work)} in ${place(workFolder)}, ${megabytes(disk.results)} in ${place(resultsFolder())}\n`,
  );
}

function show(name: string, state: ExperimentStatus, profile: string): void {
  const runs = state.of === undefined ? "" : `the runs of ${state.of}: `;
  const lines = [`${name}  ${runs}${describe(state)} (profile ${profile}, engine ${state.engine}${spentOn(state)})`];
  for (const { array, states, what } of arraysOf(profile, name.trim()))
    lines.push(`  Slurm array ${array}${what}: ${describeStates(states)}`);
  for (const { name: job, holder } of state.running) lines.push(`  running: ${job}, ${holder}`);
  for (const { name: job, holder } of state.unreadable) lines.push(`  waiting: ${job}, ${holder}`);
  for (const { name: job, message, again } of state.failed) lines.push(`  failed: ${job}: ${message}; again: ${again}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** What the cluster has of an experiment, and of the same from snapshots. */
function arraysOf(profile: string, id: string): (SlurmState & { readonly what: string })[] {
  return [
    { place: id, what: "" },
    { place: snapshotPlace(id), what: " (from snapshots)" },
  ].flatMap(({ place: name, what }) => {
    const state = slurmState(profile, name);
    return state ? [{ ...state, what }] : [];
  });
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
    released: sum(({ released }) => released),
    secondsDone: sum(({ secondsDone }) => secondsDone),
    costDone: sum(({ costDone }) => costDone),
    costLeft: sum(({ costLeft }) => costLeft),
    workers: Math.max(...states.map(({ workers }) => workers)),
    running,
    unreadable: states.flatMap((state) => state.unreadable),
    failed,
    left: sum(({ left }) => left),
    secondsLeft,
  };
}

function describe(state: ExperimentStatus): string {
  const { dataKnown, jobs, done, released, running, failed, left, secondsLeft } = state;
  if (!dataKnown && released < jobs)
    return `${jobs} jobs; their data are not there yet or have changed: the next run sees to them`;
  const time = done === jobs || secondsLeft === undefined ? "" : `, about ${describeSeconds(secondsLeft)} to go`;
  return `${done} of ${jobs} jobs done, ${running.length} running, ${failed.length} failed, ${left} left${time}`;
}

/** How long what is done took, and how much of it is released. */
function spentOn({ secondsDone, released }: ExperimentStatus): string {
  const time = secondsDone > 0 ? `, ${describeSeconds(secondsDone)} spent` : "";
  return released > 0 ? `${time}, ${released} released` : time;
}

function describeStates(states: Readonly<Record<string, number>>): string {
  const parts = Object.entries(states).map(([state, count]) => `${count} ${state.toLowerCase()}`);
  return parts.length > 0 ? parts.join(", ") : "no task in the queue";
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const place = (folder: string) => (folder.startsWith(projectRoot) ? relative(projectRoot, folder) : folder);
