import { performance } from "node:perf_hooks";
import type { RoundRecord } from "../../federation/round/federation";
import type { Job } from "../plan/jobs";
import type { JobEvent } from "./pool";

export interface ExperimentProgress {
  readonly experiment: string;
  readonly jobsDone: number;
  readonly jobs: number;
  /** Share of the work that is done, 0 to 1, and an estimate of the seconds left once there is one. */
  readonly share: number;
  readonly secondsLeft: number | undefined;
  /** The job that reported, and its last finished round. */
  readonly job: Job;
  readonly round: RoundRecord | undefined;
  /** Rounds of all federations that are being run. */
  readonly rounds: number;
}

/** @returns a listener for the workers' messages that adds them up to one progress report for the whole experiment */
export function trackProgress(
  experiment: string,
  jobs: readonly Job[],
  onProgress: ((progress: ExperimentProgress) => void) | undefined,
  log: ((line: string) => void) | undefined,
): (job: Job, event: JobEvent) => void {
  const started = performance.now();
  const totalCost = jobs.reduce((sum, job) => sum + job.cost, 0);
  const rounds = jobs.reduce(
    (sum, { kind, profile }) => sum + (kind === "federation" ? profile.training.rounds : 0),
    0,
  );
  const shares = new Map<string, number>();
  let costDone = 0;
  let jobsDone = 0;
  /** What a resumed job had done before counts as done, but not towards the speed. */
  let costFound = 0;
  return (job, event) => {
    if (event.type === "warning") log?.(`${job.name}: ${event.message}`);
    if (event.type === "output") log?.(`${job.name}: ${event.line}`);
    if (event.type !== "progress") return;
    const now = event.done / event.total;
    const before = shares.get(job.id);
    shares.set(job.id, now);
    costDone += job.cost * (now - (before ?? 0));
    if (before === undefined) costFound += job.cost * now;
    if (now >= 1 && (before ?? 0) < 1) jobsDone++;
    const share = costDone / totalCost;
    const seconds = (performance.now() - started) / 1000;
    const speed = (costDone - costFound) / seconds;
    onProgress?.({
      experiment,
      jobsDone,
      jobs: jobs.length,
      share,
      secondsLeft: seconds > 2 && speed > 0 && share > 0.01 ? (totalCost - costDone) / speed : undefined,
      job,
      round: event.round,
      rounds,
    });
  };
}
