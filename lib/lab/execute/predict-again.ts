import { Interrupted, WorkbenchError } from "../../core/errors";
import type { SiteData } from "../../data/set/types";
import { hasWholeModels } from "../jobs/kept-models";
import type { FederationJob, Job } from "../plan/jobs";
import type { ExperimentPlan } from "../plan/plan-experiment";
import { startWorker } from "./start-worker";
import { readPrediction, scoredSlices } from "../jobs/predictions";

/** The site that a finished job predicts. */
export interface PredictionWish {
  readonly job: Job;
  readonly site: SiteData;
}

const read = ({ job, site }: PredictionWish): Uint8Array | undefined => readPrediction(job.id, scoredSlices(job, site));

/** @returns the federations without which the wishes cannot be granted: records travel to other machines, models do not */
export function missingModels(wishes: readonly PredictionWish[]): FederationJob[] {
  const federations = wishes
    .filter((wish) => !read(wish))
    .map(({ job }) => (job.kind === "federation" ? job : job.federation));
  return [...new Map(federations.map((job) => [job.id, job])).values()].filter(({ id }) => !hasWholeModels(id));
}

/**
 * The masks that finished jobs predict. Those that were kept are read; the others are predicted again in one worker process, with the
 * engine and the single thread that they were scored with.
 * @returns predicted classes `[count, height, width]` of the slices that were scored, in the order of the wishes
 * @throws WorkbenchError when models are missing, Interrupted when the signal was aborted
 */
export async function predictAgain(
  { engine, data }: ExperimentPlan,
  wishes: readonly PredictionWish[],
  signal?: AbortSignal,
): Promise<Uint8Array[]> {
  const missing = wishes.filter((wish) => !read(wish));
  if (missing.length > 0) {
    const worker = await startWorker({ engine: engine.name, signal });
    try {
      for (const { job, site } of missing) {
        const outcome = await worker.run(
          { type: "predict", job, site: site.site, folder: data.folder },
          () => undefined,
        );
        if (signal?.aborted) throw new Interrupted("the prediction");
        if (outcome.type === "failed")
          throw new WorkbenchError(`${job.name} cannot predict ${site.site}: ${outcome.message}`, "");
      }
    } finally {
      worker.stop();
    }
  }
  return wishes.map((wish) => read(wish) ?? lost(wish));
}

function lost({ job, site }: PredictionWish): never {
  throw new WorkbenchError(`the prediction of ${job.name} for ${site.site} is gone already`, "run the cell again");
}
