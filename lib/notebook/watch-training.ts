import { mean, sum } from "../core/mean";
import type { ExperimentProgress } from "../lab/execute/progress";
import { trainingCurves, type TrainingPoint } from "../report/figures/training-curves";
import { live, type Live } from "./live";
import { onInterrupt } from "./on-interrupt";

/** What a cell that trains shows, and how it is stopped. */
export interface TrainingWatch {
  /** Aborted when the user presses stop. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExperimentProgress) => void;
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
  let bytes = 0;
  let view: Live<Round> | undefined;

  return {
    signal: stop.signal,
    onProgress({ job, round, rounds, share, secondsLeft, jobs, jobsDone }) {
      view ??= openView(id, rounds);
      view.advance({ share, secondsLeft, doing: `${jobsDone} of ${jobs} jobs done, now ${job.name}` });
      if (!round || job.kind !== "federation" || round.round <= (roundOf.get(job.name) ?? 0)) return;
      roundOf.set(job.name, round.round);
      bytes += sum(round.bytesUp) + sum(round.bytesDown);
      view.add({
        job: job.name,
        round: round.round,
        sites: job.sites.map((site, index) => ({
          job: job.name,
          site,
          round: round.round,
          dice: round.personalDice[index],
        })),
        roundsDone: sum([...roundOf.values()]),
        rounds,
        megabytes: bytes / 1e6,
      });
    },
    async close() {
      removeHook();
      const open = view;
      view = undefined;
      await open?.close();
    },
  };
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
