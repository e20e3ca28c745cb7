import { mean, sum } from "../core/mean";
import type { ExperimentProgress } from "../lab/execute/progress";
import type { RoundRecord } from "../federation/round/federation";
import type { FederationJob, Job } from "../lab/plan/jobs";
import { trainingCurves, type TrainingPoint } from "../report/figures/training-curves";
import { live, type Live } from "./live";
import { onInterrupt } from "./on-interrupt";
import { roundsSoFar } from "./rounds-so-far";

/** What a cell that trains shows, and how it is stopped. */
export interface TrainingWatch {
  /** Aborted when the user presses stop. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExperimentProgress) => void;
  /** Names all jobs of what is watched, those that have finished too. */
  expect(jobs: readonly Job[]): void;
  close(): Promise<void>;
}

/** One finished round, and what had been sent and received up to then. */
interface Round {
  readonly job: string;
  readonly round: number;
  readonly sites: readonly TrainingPoint[];
  readonly roundsDone: number;
  readonly rounds: number;
  readonly megabytes: number;
}

/** Listens to the stop button at once; shows something when the first batch is reported: an experiment that is reused shows nothing. */
export function watchTraining(id: string): TrainingWatch {
  const stop = new AbortController();
  const removeHook = onInterrupt(() => stop.abort());
  const roundOf = new Map<string, number>();
  let expected: readonly FederationJob[] = [];
  let bytes = 0;
  let view: Live<Round> | undefined;

  const take = (open: Live<Round>, job: FederationJob, round: RoundRecord): void => {
    if (round.round <= (roundOf.get(job.name) ?? 0)) return;
    roundOf.set(job.name, round.round);
    bytes += sum(round.bytesUp) + sum(round.bytesDown);
    open.add({
      job: job.name,
      round: round.round,
      sites: pointsOf(job, round),
      roundsDone: sum([...roundOf.values()]),
      rounds: sum(expected.map(({ profile }) => profile.training.rounds)),
      megabytes: bytes / 1e6,
    });
  };
  /** What earlier runs have left of the experiment is part of it: a figure that is resumed shows it from its first round. */
  const open = (): Live<Round> => {
    const opened = openView(id, sum(expected.map(({ profile }) => profile.training.rounds)));
    for (const job of expected) for (const round of roundsSoFar(job)) take(opened, job, round);
    return opened;
  };
  return {
    signal: stop.signal,
    expect: (jobs) => void (expected = jobs.filter((job): job is FederationJob => job.kind === "federation")),
    onProgress({ job, round, share, secondsLeft, jobs, jobsDone }) {
      view ??= open();
      view.advance({ share, secondsLeft, doing: `${jobsDone} of ${jobs} jobs done, now ${job.name}` });
      if (round && job.kind === "federation") take(view, job, round);
    },
    async close() {
      removeHook();
      const open = view;
      view = undefined;
      await open?.close();
    },
  };
}

function pointsOf({ name, sites }: FederationJob, { round, personalDice }: RoundRecord): TrainingPoint[] {
  return sites.map((site, index) => ({ job: name, site, round, dice: personalDice[index] }));
}

function openView(id: string, total: number): Live<Round> {
  return live<Round>({
    title: id,
    total,
    describe({ job, round, sites, roundsDone, rounds, megabytes }) {
      const dice = mean(sites.map((site) => site.dice));
      return `${roundsDone} of ${rounds} rounds, ${megabytes.toFixed(1)} MB sent and received, ${job} round ${round}: mean Dice ${dice.toFixed(3)}`;
    },
    draw: (rounds) =>
      trainingCurves(
        rounds.flatMap(({ sites }) => sites),
        `${id}: validation Dice of every site`,
      ),
    whenStopped: "finished rounds are kept, run the cell again to go on",
  });
}
