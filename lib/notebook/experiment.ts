import type { EngineChoice } from "../engine";
import { readExperiment, readTask } from "../lab/config";
import type { ExperimentProgress } from "../lab/progress";
import type { AdaptationRecord, FederationRecord, RunRecord } from "../lab/records";
import { runExperiment } from "../lab/run-experiment";
import { countedCases, isAdaptation, isFederation, type MethodCase } from "../report/cases";
import { experimentTable } from "../report/experiment-table";
import { htmlTable } from "../report/html";
import { textTable } from "../report/text-table";
import { createBundle, type Bundle } from "./bundle";
import { live, type Live } from "./live";
import { markdown } from "./markdown";
import { send } from "./show";

/** All records of an experiment, ready to be shown. */
export interface ExperimentResult {
  readonly sites: readonly string[];
  /** One row for each scored case: method, site, seed, case, Dice, distances in millimetres. */
  readonly cases: readonly MethodCase[];
  readonly federations: readonly FederationRecord[];
  readonly adaptations: readonly AdaptationRecord[];
  /** The main table: methods by sites. */
  table(): Bundle;
}

/** One finished round of one of the federations that are running. */
interface LivePoint {
  readonly job: string;
  readonly method: string;
  readonly round: number;
  readonly dice: number;
  readonly megabytes: number;
}

/**
 * Runs what is missing of an experiment, with curves while it runs, and says what was computed now and what was reused. Stopping the
 * cell stops the workers after their current batch; running it again goes on from the last finished round.
 */
export async function experiment(id: string, { profile, engine = "auto", workers }: { profile: string; engine?: string; workers?: number }): Promise<ExperimentResult> {
  const watch = watchRounds(id);
  try {
    const outcome = await runExperiment(id, { profile, engine: engine as EngineChoice, workers, signal: watch.signal, onProgress: watch.onProgress, log: (line) => process.stdout.write(`${line}\n`) });
    await watch.close();
    const origin = outcome.computed === 0 ? `all ${outcome.reused} jobs reused from earlier records` : `${outcome.computed} jobs computed now, ${outcome.reused} reused`;
    send(markdown(`*${id}: profile \`${outcome.profile.id}\` (${outcome.profile.purpose}), engine \`${outcome.engine}\` (${outcome.engineWhy}); ${origin}.*`));
    return resultOf(id, outcome.records);
  } finally {
    await watch.close();
  }
}

function resultOf(id: string, records: readonly RunRecord[]): ExperimentResult {
  const { kind, task } = readExperiment(id);
  const { sites } = readTask(task);
  return {
    sites,
    cases: countedCases(kind, records),
    federations: records.filter(isFederation),
    adaptations: records.filter(isAdaptation),
    table() {
      const table = experimentTable(kind, sites, records);
      return createBundle({ "text/html": htmlTable(table), "text/plain": textTable(table) });
    },
  };
}

/** Opens a live figure when the first round is reported: an experiment that is reused as a whole shows none. */
function watchRounds(id: string) {
  const stop = new AbortController();
  const seen = new Set<string>();
  let view: Live<LivePoint> | undefined;
  const open = (total: number): Live<LivePoint> => {
    const opened = live<LivePoint>({
      title: id,
      total,
      describe: ({ job, round, dice, megabytes }) => `${job} round ${round}: mean validation Dice ${dice.toFixed(3)}, ${megabytes.toFixed(1)} MB sent and received`,
      draw: (points) => ({
        title: `${id}: validation Dice, mean over clients`,
        data: { values: [...points] },
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "round", type: "quantitative", title: "communication round", axis: { tickMinStep: 1 } },
          y: { field: "dice", type: "quantitative", title: "Dice" },
          color: { field: "job", type: "nominal", title: null, sort: null },
        },
      }),
    });
    opened.signal.addEventListener("abort", () => stop.abort());
    return opened;
  };
  return {
    signal: stop.signal,
    onProgress({ job, round, rounds }: ExperimentProgress): void {
      if (!round || seen.has(`${job.name}/${round.round}`)) return;
      seen.add(`${job.name}/${round.round}`);
      view ??= open(rounds);
      const dice = round.personalDice.reduce((sum, value) => sum + value, 0) / round.personalDice.length;
      const bytes = [...round.bytesUp, ...round.bytesDown].reduce((sum, value) => sum + value, 0);
      view.add({ job: job.name, method: job.method.id, round: round.round, dice, megabytes: bytes / 1e6 });
    },
    async close(): Promise<void> {
      const open = view;
      view = undefined;
      await open?.close();
    },
  };
}
