import { Interrupted } from "../core/errors";
import { escapeHtml } from "../core/escape-html";
import type { EngineChoice } from "../engine";
import { recordsOf, type Experiment } from "../records/config";
import type { FoundRecord } from "../records/found";
import { readRecords } from "../records/read";
import type { AdaptationRecord, FederationRecord, RunRecord } from "../records/schema";
import { runExperiment, type ExperimentOutcome } from "../lab/execute/run-experiment";
import { countedCases, isAdaptation, isFederation, type MethodCase } from "../report/cases";
import { experimentTable } from "../report/experiment-table";
import { figuresOf } from "../report/figures-of";
import { htmlTable } from "../report/html";
import type { ResultTable } from "../report/table";
import { tablesOf } from "../report/tables-of";
import { textTable } from "../report/text-table";
import { createBundle, presentation, type Bundle } from "./bundle";
import { figure } from "./figure";
import { markdown } from "./markdown";
import { predictionsOf, type Predictions } from "./predictions";
import { send } from "./show";
import { assertTypes } from "./types/tell-types";
import { watchTraining } from "./watch-training";

/** All records of an experiment, ready to be shown. */
export interface ExperimentResult extends Predictions {
  /** In the order of the task's configuration. */
  readonly sites: readonly string[];
  /** One row for each scored case: method, site, seed, case, Dice, distances in millimetres. */
  readonly cases: readonly MethodCase[];
  /** Records of jobs that trained, seed after seed. */
  readonly federations: readonly FederationRecord[];
  /** Records of jobs that adapted to a held-out site; none of an inside experiment. */
  readonly adaptations: readonly AdaptationRecord[];
  /** The main table: methods by sites. */
  table(): Bundle;
  /** All tables that the page has of the experiment. */
  tables(): readonly Bundle[];
  /** All figures that the page has of it. */
  figures(): Promise<readonly Bundle[]>;
}

export interface ExperimentChoice {
  /** `quick`, `phantom` or `paper`. */
  readonly profile: string;
  /** `tensorflow`, `webgpu`, `wasm`, or `auto` for the first that works. */
  readonly engine?: string;
  /** Processes that train side by side; as many as cores and memory allow if absent. */
  readonly workers?: number;
  /** Other parameters than the experiment's: `{ alpha: 0.5 }`, or of one method alone: `{ "iop-fl": { alpha: 0.5 } }`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Other seeds than the profile's. */
  readonly seeds?: readonly number[];
  /** Whether what is released is computed here all the same; own records never touch a release. */
  readonly fresh?: boolean;
  /** These methods alone; one that the experiment does not list runs with its defaults. */
  readonly methods?: readonly string[];
}

/**
 * Runs what is missing of an experiment, with curves while it runs, and says what was computed now and what was reused. Stopping the
 * cell stops the workers after their current batch; running it again goes on from the last finished round. Records with other
 * parameters stand beside those of the experiment as it is; tables and figures name what differs.
 * @param id of a file in configs/experiments
 * @throws WorkbenchError when an id is unknown (with those that are known), a type of lib/ does not fit or a job failed, Interrupted when
 * the cell was stopped
 */
export async function experiment(
  id: string,
  { profile, engine = "auto", workers, params, seeds, methods, fresh }: ExperimentChoice,
): Promise<ExperimentResult> {
  const watch = watchTraining(id);
  const { signal, onProgress } = watch;
  const adjustment = { params, seeds, methods };
  const log = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const outcome = await runExperiment(id, {
      profile,
      engine: engine as EngineChoice,
      workers,
      fresh,
      ...adjustment,
      signal,
      onProgress,
      log,
      async onMissing(missing, jobs) {
        // Where no federation is left to train, there are no rounds to watch.
        if (missing.some(({ kind }) => kind === "federation")) watch.expect(jobs);
        await assertTypes(signal, log);
      },
    });
    await watch.close();
    const { reused, computed } = outcome;
    const origin =
      computed === 0
        ? `all ${reused} jobs reused from earlier records`
        : `${computed} ${computed === 1 ? "job" : "jobs"} computed now, ${reused} reused`;
    const choice = `profile \`${outcome.profile.id}\` (${outcome.profile.purpose}), engine \`${outcome.engine}\` (${outcome.engineWhy})`;
    send(markdown(`*${id}: ${choice}; ${origin}.*`));
    return {
      ...resultOf(outcome),
      ...predictionsOf(id, { profile, engine: engine as EngineChoice, ...adjustment }, outcome.records),
    };
  } catch (error) {
    // A worker that was still starting ends with an error of its own.
    throw signal.aborted ? new Interrupted(id) : error;
  } finally {
    await watch.close();
  }
}

function resultOf({
  experiment: of,
  profile,
  task,
  records,
}: ExperimentOutcome): Omit<ExperimentResult, keyof Predictions> {
  const { sites } = task;
  const table = (): Bundle => tableBundle(experimentTable(of.kind, sites, records));
  return {
    sites,
    cases: countedCases(of.kind, records),
    federations: records.filter(isFederation),
    adaptations: records.filter(isAdaptation),
    table,
    tables: () => tablesOf(of, task, withProvenance(of, profile.id, records)).map(tableBundle),
    figures: () => Promise.all(figuresOf(of, task, records).map(figure)),
    // The result alone as a cell's last value: what it is, and its main table.
    ...{ [presentation]: () => summaryOf(of.id, records, table()) },
  };
}

const tableBundle = (drawn: ResultTable): Bundle =>
  createBundle({ "text/html": htmlTable(drawn), "text/plain": textTable(drawn) });

/** How records came about lies beside them. */
function withProvenance(of: Experiment, profile: string, records: readonly RunRecord[]): FoundRecord[] {
  const found = new Map(readRecords(profile, recordsOf(of)).records.map((each) => [each.record.id, each]));
  return records.map((record) => found.get(record.id) ?? { name: record.id, record, provenance: undefined });
}

function summaryOf(id: string, records: readonly RunRecord[], table: Bundle): Bundle {
  const methods = new Set(records.map(({ method }) => method));
  const seeds = new Set(records.map(({ seed }) => seed));
  const line = `${id}: ${records.length} records, ${methods.size} methods, ${seeds.size} ${seeds.size === 1 ? "seed" : "seeds"}`;
  const shown =
    ".table(), .tables(), .figures(), .viewer({ site, method }), .sheet(), .cases, .federations, .adaptations";
  const { "text/html": html, "text/plain": text } = table.data as Record<string, string>;
  return createBundle({
    "text/html": `<p>${escapeHtml(line)}</p>${html}<p><code>${escapeHtml(shown)}</code></p>`,
    "text/plain": `${line}\n${text}\n${shown}`,
  });
}
