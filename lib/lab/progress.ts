import type { RoundRecord } from "../federation/federation";
import type { Job } from "./jobs";
import type { FromWorker } from "./messages";

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
): (job: Job, message: FromWorker) => void {
  const started = Date.now();
  const totalCost = jobs.reduce((sum, job) => sum + job.cost, 0);
  const shares = new Map<string, number>();
  return (job, message) => {
    if (message.type === "warning") log?.(`${job.name}: ${message.message}`);
    if (message.type !== "progress") return;
    shares.set(job.id, message.done / message.total);
    const share = jobs.reduce((sum, { id, cost }) => sum + cost * (shares.get(id) ?? 0), 0) / totalCost;
    const seconds = (Date.now() - started) / 1000;
    onProgress?.({
      experiment,
      jobsDone: [...shares.values()].filter((done) => done >= 1).length,
      jobs: jobs.length,
      share,
      secondsLeft: seconds > 2 && share > 0.01 ? (seconds / share) * (1 - share) : undefined,
      job,
      round: message.round,
      rounds: jobs.reduce((sum, { kind, profile }) => sum + (kind === "federation" ? profile.training.rounds : 0), 0),
    });
  };
}
