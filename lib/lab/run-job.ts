import { join } from "node:path";
import { createRandom, type Random } from "../core/random";
import { hashState, layoutSize, type State } from "../core/state";
import { allSlices } from "../data/load";
import type { Part, SiteData } from "../data/types";
import { runAdaptation } from "../federation/adaptation";
import { loadCheckpoint, removeCheckpoint, saveCheckpoint } from "../federation/checkpoint";
import { evaluateModel } from "../federation/evaluation";
import { runFederation, startFederation, type FederationSpec, type RoundRecord } from "../federation/federation";
import { readStateFile, writeStateFile } from "../federation/state-file";
import type { ModelBank } from "../methods/contract";
import { insideMethod, outsideMethod } from "../methods/registry";
import { initialiseUNet } from "../nets/initialise";
import { unetLayout, type UNetShape } from "../nets/unet-layout";
import { WorkbenchError } from "../core/errors";
import type { AdaptationJob, FederationJob, Job } from "./jobs";
import { workFolder } from "./paths";
import type { AdaptationRecord, FederationRecord, RunRecord } from "./records";

export interface JobHooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, round?: RoundRecord) => void;
  readonly warn?: (message: string) => void;
}

/** @returns where the final models of a federation lie: one global, one for each client. */
export const modelsPath = (federationId: string): string => join(workFolder, "models", `${federationId}.safetensors`);

/** Runs one job on the engine that has been started. @param sites the prepared data of every site that the job names */
export async function runJob(job: Job, sites: ReadonlyMap<string, SiteData>, hooks: JobHooks = {}): Promise<RunRecord> {
  return job.kind === "federation" ? runFederationJob(job, sites, hooks) : runAdaptationJob(job, sites, hooks);
}

async function runFederationJob(job: FederationJob, sites: ReadonlyMap<string, SiteData>, hooks: JobHooks): Promise<FederationRecord> {
  const { profile, method: choice } = job;
  const shape = shapeOf(job);
  const layout = unetLayout(shape);
  const random = randomOf(job);
  const clients = job.sites.map((site) => siteOf(sites, site));
  const method = insideMethod(choice.id);
  const spec: FederationSpec = {
    shape,
    method,
    params: choice.params,
    clients,
    training: profile.training,
    rounds: profile.training.rounds,
    start: initialiseUNet(shape, random.child("weights")),
    random: random.child("batches"),
  };
  const checkpoint = join(workFolder, "checkpoints", `${job.id}.safetensors`);
  const from = loadCheckpoint(checkpoint, layout, clients.length, hooks.warn ?? (() => undefined)) ?? startFederation(spec);
  let latest: RoundRecord | undefined;
  const final = await runFederation(spec, from, {
    signal: hooks.signal,
    onBatch: (done, total) => hooks.onProgress?.(done, total, latest),
    onRound(state) {
      latest = state.history[state.history.length - 1];
      saveCheckpoint(checkpoint, state);
      hooks.onProgress?.(latest.round, spec.rounds, latest);
    },
  });

  const models = new Map<string, State>([["global", final.global]]);
  job.sites.forEach((site, index) => models.set(site, method.predictWith(final.clients[index], final.global)));
  const scores: FederationRecord["scores"][number][] = [];
  for (const { site, parts } of clients) {
    for (const part of ["validation", "test"] satisfies Part[]) {
      const globalCases = await evaluateModel(shape, final.global, parts[part]);
      const personal = models.get(site) as State;
      const cases = personal === final.global ? globalCases : await evaluateModel(shape, personal, parts[part]);
      scores.push({ site, part, model: "personal", cases }, { site, part, model: "global", cases: globalCases });
    }
  }
  writeStateFile(modelsPath(job.id), { states: models, note: job.id });
  removeCheckpoint(checkpoint);
  return {
    kind: "federation",
    ...commonFields(job),
    sites: job.sites,
    selection: "last round",
    rounds: final.history,
    scores,
    models: Object.fromEntries(Array.from(models, ([name, state]) => [name, hashState(state)])),
  };
}

async function runAdaptationJob(job: AdaptationJob, sites: ReadonlyMap<string, SiteData>, hooks: JobHooks): Promise<AdaptationRecord> {
  const shape = shapeOf(job);
  const path = modelsPath(job.federation.id);
  const file = readStateFile(path, unetLayout(shape));
  if (!file) throw new WorkbenchError(`the models of ${job.federation.name} are missing`, "run the experiment again; the federation is then trained anew");
  const stateOf = (name: string): State => {
    const state = file.states.get(name);
    if (!state || state.values.length !== layoutSize(state.layout)) throw new WorkbenchError(`${path} has no model "${name}"`, "remove it and run again");
    return state;
  };
  const bank: ModelBank = { shape, personal: job.federation.sites.map(stateOf), global: stateOf("global") };
  
  const { epochs } = await runAdaptation(
    {
      method: outsideMethod(job.method.id),
      params: job.method.params,
      bank,
      outside: allSlices(siteOf(sites, job.heldOut)),
      batch: job.profile.adaptation.batch,
      epochs: job.profile.adaptation.epochs,
      random: randomOf(job).child("adaptation").child(job.heldOut),
    },
    { signal: hooks.signal, onBatch: (done, total) => hooks.onProgress?.(done, total) },
  );
  return {
    kind: "adaptation",
    ...commonFields(job),
    federation: job.federation.id,
    heldOut: job.heldOut,
    selection: "last epoch",
    epochs,
  };
}

function shapeOf({ task, profile }: Job): UNetShape {
  return { inChannels: task.inChannels, classes: task.classes, features: profile.net.features };
}

/** Initial weights and the order of batches depend on the task and the seed alone: they are the same for every method. */
function randomOf({ task, seed }: Job): Random {
  return createRandom(`${task.id}/${seed}`);
}

function siteOf(sites: ReadonlyMap<string, SiteData>, site: string): SiteData {
  const data = sites.get(site);
  if (!data) throw new WorkbenchError(`unknown site "${site}"`, `use one of ${[...sites.keys()].join(", ")}`);
  return data;
}

function commonFields(job: Job) {
  const { id, experiment, profile, task, method, seed, engine, dataHash, codeHash } = job;
  const { data, net, training, adaptation } = profile;
  const config = job.kind === "federation" ? { data, net, training } : { data, net, training, adaptation };
  return { schema: 1 as const, id, experiment, profile: profile.id, task: task.id, method: method.id, params: method.params, seed, engine, dataHash, codeHash, config };
}
