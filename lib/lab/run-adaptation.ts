import { rmSync } from "node:fs";
import { basename } from "node:path";
import { WorkbenchError } from "../core/errors";
import { layoutSize, type Layout, type State } from "../core/state";
import { allSlices } from "../data/load";
import type { SiteData } from "../data/types";
import { runAdaptation } from "../federation/adaptation";
import { readStateFile, type StateFile } from "../federation/state-file";
import type { ModelBank } from "../methods/contract";
import { outsideMethod } from "../methods/registry";
import { unetLayout, type UNetShape } from "../nets/unet-layout";
import { commonFields, modelsPath, randomOf, shapeOf, siteOf, type JobHooks } from "./job-parts";
import type { AdaptationJob } from "./jobs";
import type { AdaptationRecord } from "./records";

/** Adapts the models that a federation left behind to the site that it never saw. */
export async function runAdaptationJob(job: AdaptationJob, sites: ReadonlyMap<string, SiteData>, hooks: JobHooks): Promise<AdaptationRecord> {
  const shape = shapeOf(job);
  const bank = readBank(job, shape);
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

/** @throws WorkbenchError when the models are missing or damaged; damaged ones are removed, so that the next run trains them anew */
function readBank({ federation }: AdaptationJob, shape: UNetShape): ModelBank {
  const path = modelsPath(federation.id);
  const again = "run the experiment again; the federation is then trained anew";
  const file = readModels(path, unetLayout(shape), again);
  const stateOf = (name: string): State => {
    const state = file.states.get(name);
    if (!state || state.values.length !== layoutSize(state.layout)) throw new WorkbenchError(`${path} has no model "${name}"`, "remove it and run again");
    return state;
  };
  return { shape, personal: federation.sites.map(stateOf), global: stateOf("global") };
}

function readModels(path: string, layout: Layout, mend: string): StateFile {
  let file: StateFile | undefined;
  try {
    file = readStateFile(path, layout);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    rmSync(path, { force: true });
    throw new WorkbenchError(error.problem, mend);
  }
  if (!file) throw new WorkbenchError(`the models of a federation, ${basename(path)}, are missing`, mend);
  return file;
}
