import { Interrupted } from "../../core/errors";
import type { SiteData, SliceSet } from "../../data/set/types";
import { runAdaptation } from "../../federation/evaluate/adaptation";
import { inferenceBatch, predictMasks } from "../../federation/evaluate/evaluation";
import { trainingOf } from "../../methods/registry";
import { createPredictor } from "../../nets/run/predictor";
import { shapeOf, siteOf, type JobHooks } from "./job-parts";
import type { FederationJob, Job } from "../plan/jobs";
import { scoredSlices, writePrediction } from "./predictions";
import { adaptationSpec, openModels } from "./run-adaptation";

/**
 * Predicts what a finished job was scored on once more, from the models that its federation left behind, and keeps the masks. On the
 * job's engine and one thread these are the masks that were scored. Leaves no tensors behind.
 * @param site a client of a federation, or the held-out site of an adaptation
 * @throws WorkbenchError when the models are missing or damaged
 */
export async function runPrediction(
  job: Job,
  site: string,
  sites: ReadonlyMap<string, SiteData>,
  hooks: JobHooks,
): Promise<void> {
  const slices = scoredSlices(job, siteOf(sites, site));
  const masks =
    job.kind === "federation"
      ? await predictClient(job, site, slices, hooks)
      : (await runAdaptation(adaptationSpec(job, sites), hooks)).masks;
  writePrediction(job.id, slices, masks);
}

/** The masks of the model that predicts for a client. */
async function predictClient(
  job: FederationJob,
  site: string,
  slices: SliceSet,
  { signal }: JobHooks,
): Promise<Uint8Array> {
  const model = openModels(job)(site);
  const predictor = createPredictor(shapeOf(job), model);
  try {
    return await predictMasks(
      slices,
      inferenceBatch,
      (images) => predictor.predict(images),
      async () => {
        await new Promise(setImmediate);
        if (signal?.aborted) throw new Interrupted("the prediction");
      },
      trainingOf(job.method.id).sees?.(model, job.method.params),
    );
  } finally {
    predictor.dispose();
  }
}
