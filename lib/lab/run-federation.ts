import { hashState, type State } from "../core/state";
import type { Part, SiteData } from "../data/types";
import { openCheckpoint } from "../federation/checkpoint";
import { evaluateModel } from "../federation/evaluation";
import { runFederation, startFederation, type FederationSpec, type RoundRecord } from "../federation/federation";
import { writeStateFile } from "../federation/state-file";
import { insideMethod } from "../methods/registry";
import { initialiseUNet } from "../nets/initialise";
import { unetLayout } from "../nets/unet-layout";
import { checkpointPath, commonFields, modelsPath, randomOf, shapeOf, siteOf, type JobHooks } from "./job-parts";
import type { FederationJob } from "./jobs";
import type { FederationRecord } from "./records";

/**
 * Trains a federation round by round from its last checkpoint, and leaves its final models behind. The checkpoint stays until the
 * record is written: see `finishJob`.
 */
export async function runFederationJob(job: FederationJob, sites: ReadonlyMap<string, SiteData>, hooks: JobHooks): Promise<FederationRecord> {
  const { profile, method: choice } = job;
  const shape = shapeOf(job);
  const layout = unetLayout(shape);
  const random = randomOf(job);
  const clients = job.sites.map((site) => siteOf(sites, site));
  const method = insideMethod(choice.id);
  const checkpoint = openCheckpoint(checkpointPath(job.id), layout, hooks.memory);
  const spec: FederationSpec = {
    shape,
    method,
    params: choice.params,
    clients,
    training: profile.training,
    rounds: profile.training.rounds,
    start: initialiseUNet(shape, random.child("weights")),
    random: random.child("batches"),
    store: checkpoint.store,
  };
  const saved = checkpoint.load(hooks.warn ?? (() => undefined));
  if (saved?.spent) hooks.clock?.resume(saved.spent);
  let latest: RoundRecord | undefined;
  const final = await runFederation(spec, saved?.state ?? startFederation(spec), {
    signal: hooks.signal,
    onBatch: (done, total) => hooks.onProgress?.(done, total, latest),
    onRound(state) {
      latest = state.history[state.history.length - 1];
      checkpoint.save(state, hooks.clock?.spent());
      hooks.onProgress?.(latest.round, spec.rounds, latest);
    },
  });

  const modelOf = (index: number): State => method.predictWith(final.clients[index].read(), final.global);
  const models: Record<string, string> = { global: hashState(final.global) };
  const scores: FederationRecord["scores"][number][] = [];
  for (const [index, { site, parts }] of clients.entries()) {
    const personal = modelOf(index);
    models[site] = hashState(personal);
    for (const part of ["validation", "test"] satisfies Part[]) {
      const globalCases = await evaluateModel(shape, final.global, parts[part]);
      const cases = personal === final.global ? globalCases : await evaluateModel(shape, personal, parts[part]);
      scores.push({ site, part, model: "personal", cases }, { site, part, model: "global", cases: globalCases });
    }
  }
  const states = new Map([["global", () => final.global], ...job.sites.map((site, index) => [site, () => modelOf(index)] as const)]);
  writeStateFile(modelsPath(job.id), { states, note: job.id });
  return { kind: "federation", ...commonFields(job), sites: job.sites, selection: "last round", rounds: final.history, scores, models };
}
