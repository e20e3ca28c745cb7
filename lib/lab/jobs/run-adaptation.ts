import { rmSync } from "node:fs";
import { basename } from "node:path";
import { Diverged } from "../../core/diverged";
import { WorkbenchError } from "../../core/errors";
import { layoutSize } from "../../core/layout";
import type { State } from "../../core/state";
import { allSlices } from "../../data/set/site-data";
import { shuffledCases } from "../../data/set/shuffle-cases";
import type { SiteData } from "../../data/set/types";
import { runAdaptation, type AdaptationSpec, type EpochRecord } from "../../federation/evaluate/adaptation";
import { readStateFile, type StateFile } from "../../federation/store/state-file";
import { adaptationOf, trainingOf } from "../../methods/registry";
import { commonFields, divergenceOf, modelsPath, randomOf, shapeOf, siteOf, type JobHooks } from "./job-parts";
import type { AdaptationJob, FederationJob } from "../plan/jobs";
import { writePrediction } from "./predictions";
import type { AdaptationRecord, Divergence } from "../../records/schema";

/** Adapts the models that a federation left behind to the site that it never saw. */
export async function runAdaptationJob(
  job: AdaptationJob,
  sites: ReadonlyMap<string, SiteData>,
  hooks: JobHooks,
): Promise<AdaptationRecord> {
  const common = {
    kind: "adaptation",
    ...commonFields(job),
    federation: job.federation.id,
    heldOut: job.heldOut,
    selection: "last epoch",
  } as const;
  let before: readonly EpochRecord[] = [];
  try {
    const spec = adaptationSpec(job, sites);
    const { epochs, masks } = await runAdaptation(spec, {
      signal: hooks.signal,
      onBatch: (done, total) => hooks.onProgress?.(done, total),
      onDiverged: (epochs) => (before = epochs),
    });
    writePrediction(job.id, spec.outside, masks);
    return { ...common, epochs };
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    hooks.warn?.(`${error.problem}; ${error.hint}`);
    return { ...common, epochs: before, diverged: divergenceOf(error, job) };
  }
}

/** @throws WorkbenchError when the models are missing or damaged; damaged ones are removed, so that the next run trains them anew */
export function adaptationSpec(job: AdaptationJob, sites: ReadonlyMap<string, SiteData>): AdaptationSpec {
  const { profile, method, heldOut, federation } = job;
  const modelOf = openModels(federation);
  const random = randomOf(job).child("adaptation").child(heldOut);
  const outside = allSlices(siteOf(sites, heldOut));
  const { batch, epochs, order } = profile.adaptation;
  return {
    method: adaptationOf(method.id),
    params: method.params,
    bank: { shape: shapeOf(job), personal: federation.sites.map(modelOf), global: modelOf("global") },
    outside: order === "shuffled" ? shuffledCases(outside, random.child("order")) : outside,
    lens: trainingOf(federation.method.id).sees?.(modelOf("global"), federation.method.params),
    batch,
    epochs,
    random,
  };
}

/**
 * The final models that a federation left behind.
 * @returns gives the model of a client, or `global`
 * @throws WorkbenchError as `adaptationSpec`, Diverged when the federation has
 */
export function openModels(federation: FederationJob): (name: string) => State {
  const path = modelsPath(federation.id);
  const again = "run the experiment again; the federation is then trained anew";
  const file = readModels(path, again);
  const lost = file.states.size === 0 ? (JSON.parse(file.note) as { diverged: Divergence }).diverged : undefined;
  if (lost) throw new Diverged(`its federation diverged: ${lost.problem}`, lost);
  return (name) => {
    const state = file.states.get(name);
    if (!state || state.values.length !== layoutSize(state.layout))
      throw new WorkbenchError(`${path} has no model "${name}"`, "remove it and run again");
    return state;
  };
}

function readModels(path: string, hint: string): StateFile {
  let file: StateFile | undefined;
  try {
    file = readStateFile(path);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    rmSync(path, { recursive: true, force: true });
    throw new WorkbenchError(error.problem, hint);
  }
  if (!file) throw new WorkbenchError(`the models of a federation, ${basename(path)}, are missing`, hint);
  return file;
}
