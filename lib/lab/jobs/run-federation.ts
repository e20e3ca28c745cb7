import { Diverged } from "../../core/diverged";
import { hashState, type State } from "../../core/state";
import type { SiteData } from "../../data/set/types";
import { openCheckpoint } from "../../federation/store/checkpoint";
import { ownExecutor, type ClientSpec } from "../../federation/client/client-work";
import {
  executorsOf,
  globalOf,
  predictorOf,
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../../federation/round/federation";
import { schedule } from "../../federation/round/schedule";
import { writeStateFile } from "../../federation/store/state-file";
import { trainingOf } from "../../methods/registry";
import { initialiseUNet } from "../../nets/model/initialise";
import {
  checkpointPath,
  commonFields,
  divergenceOf,
  modelsPath,
  randomOf,
  shapeOf,
  siteOf,
  type JobHooks,
} from "./job-parts";
import type { FederationJob } from "../plan/jobs";
import type { FederationRecord } from "../../records/schema";
import { scoreElsewhere } from "./score-elsewhere";

type Scores = FederationRecord["scores"];

/** The parts on which a job's models are scored: to choose by its scores, it never sees test cases. */
const scoredParts = ({ choosing }: FederationJob) =>
  (choosing ? ["validation"] : ["validation", "test"]) as readonly ("validation" | "test")[];

/** A client whose test cases are out of reach. */
const withoutTest = (site: SiteData): SiteData => ({
  ...site,
  parts: {
    ...site.parts,
    get test(): never {
      throw new Error(`the test cases of ${site.site} were asked for by a run that chooses parameters`);
    },
  },
});

/** @returns what clients' parts depend on; the same in every process that has a hand in it. @param sites the prepared data of the clients */
export function clientSpec(job: FederationJob, sites: ReadonlyMap<string, SiteData>): ClientSpec {
  const { profile, method } = job;
  return {
    shape: shapeOf(job),
    method: trainingOf(method.id),
    params: method.params,
    clients: job.sites.map((site) => (job.choosing ? withoutTest(siteOf(sites, site)) : siteOf(sites, site))),
    training: profile.training,
    random: randomOf(job).child("batches"),
  };
}

/**
 * Trains a federation round by round from its last checkpoint, and leaves its final models behind. The checkpoint stays until the
 * record is written: see `finishJob`.
 */
export async function runFederationJob(
  job: FederationJob,
  sites: ReadonlyMap<string, SiteData>,
  hooks: JobHooks,
): Promise<FederationRecord> {
  const checkpoint = openCheckpoint(checkpointPath(job.id), hooks.memory);
  const spec: FederationSpec = {
    ...clientSpec(job, sites),
    rounds: job.profile.training.rounds,
    start: initialiseUNet(shapeOf(job), randomOf(job).child("weights")),
    store: checkpoint.store,
  };
  const saved = checkpoint.load(hooks.warn ?? (() => undefined));
  if (saved?.spent) hooks.clock?.resume(saved.spent);
  let reached = saved?.state ?? startFederation(spec);
  const federation = () =>
    runFederation(spec, reached, {
      signal: hooks.signal,
      helpers: hooks.helpers,
      onBatch: (done, total) => hooks.onProgress?.(done, total, reached.history.at(-1)),
      onRound(state) {
        reached = state;
        checkpoint.save(state, hooks.clock?.spent());
        hooks.onProgress?.(state.history.length, spec.rounds, state.history.at(-1));
      },
    });
  const common = { kind: "federation", ...commonFields(job), sites: job.sites, selection: selectionOf(job) } as const;
  try {
    const final = await federation();
    const left = await leaveModels(job, spec, final, sites, hooks);
    return { ...common, rounds: final.history, work: final.work, ...left };
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    hooks.warn?.(`${error.problem}; ${error.hint}`);
    const diverged = divergenceOf(error, job);
    writeStateFile(modelsPath(job.id), { states: new Map(), note: JSON.stringify({ diverged }) });
    return { ...common, rounds: reached.history, work: reached.work, scores: [], models: {}, diverged };
  }
}

const selectionOf = ({ profile }: FederationJob) =>
  profile.training.selection === "validation" ? "best on validation" : "last round";

/** Scores the final models and leaves them behind. */
async function leaveModels(
  job: FederationJob,
  spec: FederationSpec,
  final: FederationState,
  sites: ReadonlyMap<string, SiteData>,
  hooks: JobHooks,
): Promise<Pick<FederationRecord, "scores" | "models">> {
  const global = globalOf(final);
  const modelOf = (index: number): State => predictorOf(spec, final, index);
  const scores = await scoreModels(spec, global, modelOf, scoredParts(job), hooks);
  if (job.elsewhere) scores.push(...(await scoreElsewhere(job, spec, { global, modelOf, sites }, hooks.signal)));
  const states = new Map([
    ["global", () => global],
    ...job.sites.map((site, index) => [site, () => modelOf(index)] as const),
  ]);
  const models = Object.fromEntries([...states].map(([name, state]) => [name, hashState(state())]));
  writeStateFile(modelsPath(job.id), { states, note: job.id });
  return { scores, models };
}

/** Scores the personal and the global model of every client on its validation and test cases. */
async function scoreModels(
  spec: FederationSpec,
  global: State,
  modelOf: (client: number) => State,
  scored: readonly ("validation" | "test")[],
  hooks: JobHooks,
): Promise<Scores[number][]> {
  const costs = spec.clients.map(({ parts }) => scored.reduce((sum, part) => sum + parts[part].count, 0));
  const scores = await schedule(executorsOf(ownExecutor(spec), hooks)(), costs, async (executor, client) => {
    const personal = modelOf(client);
    const models = personal === global ? [global] : [global, personal];
    const parts = await executor.evaluate({ kind: "evaluation", client, parts: scored, models, surfaces: true }, hooks);
    const { site } = spec.clients[client];
    return parts.flatMap((cases, index) => {
      const part = scored[index];
      return [
        { site, part, model: "personal" as const, cases: cases[cases.length - 1] },
        { site, part, model: "global" as const, cases: cases[0] },
      ];
    });
  });
  return scores.flat();
}
