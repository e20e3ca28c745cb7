import { rmSync } from "node:fs";
import { join } from "node:path";
import { allSlices } from "../../data/set/site-data";
import type { SiteData, SliceSet } from "../../data/set/types";
import { writeSealed, readSealed } from "../../io/sealed";
import type { Job } from "../plan/jobs";
import { workFolder } from "../../records/paths";

/** @returns where the masks lie that a job predicted for a site. Like models they can be deleted at any time. */
export const predictionPath = (jobId: string, site: string): string =>
  join(workFolder, "predictions", `${jobId}.${site}.safetensors`);

/** @returns the slices that a job's scores are of: a client's test cases, or all of the site that was held out */
export function scoredSlices({ kind }: Pick<Job, "kind">, site: SiteData): SliceSet {
  return kind === "federation" ? site.parts.test : allSlices(site);
}

/** @param masks predicted classes `[count, height, width]` of the slices */
export function writePrediction(jobId: string, { site, count, height, width }: SliceSet, masks: Uint8Array): void {
  writeSealed(predictionPath(jobId, site), [["masks", { type: "U8", shape: [count, height, width], data: masks }]]);
}

/**
 * @returns the predicted classes `[count, height, width]` of a job's slices; undefined when none were kept, or when they are damaged,
 * which is said in one line
 */
export function readPrediction(jobId: string, { site, count, height, width }: SliceSet): Uint8Array | undefined {
  const path = predictionPath(jobId, site);
  const masks = readSealed(path, `the prediction of ${site}`)?.tensors.get("masks");
  if (masks?.shape.join() === [count, height, width].join() && masks.data instanceof Uint8Array) return masks.data;
  rmSync(path, { recursive: true, force: true });
  return undefined;
}
