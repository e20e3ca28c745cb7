import { WorkbenchError } from "../../core/errors";
import { engineNames, type EngineName } from "../../engine";
import type { SiteData } from "../../data/set/types";
import { trainings, adaptations } from "../../methods/registry";
import { createCodeHasher } from "../identity/code-hash";
import { hashData, loadSites, remakePhantom } from "../../records/dataset";
import type { Job } from "../plan/jobs";

/** What a process runs jobs with. */
export interface JobInputs {
  /**
   * @param folder of the data, which are read once for all jobs on them
   * @returns every site of the job's task
   * @throws WorkbenchError when the code that runs here, or the data, are not those that the job was planned with
   */
  sitesOf(job: Job, folder: string): ReadonlyMap<string, SiteData>;
}

/**
 * To be called once, when a process has loaded its code. A job's id stands for a version of the code and of the data, and hours may lie
 * between the plan and the job: an edit meanwhile must not give new numbers an old id.
 */
export function openInputs(): JobInputs {
  const code = createCodeHasher();
  // Asked for all methods now, the hasher remembers the files as they were loaded.
  for (const engine of engineNames) {
    for (const { id } of trainings) code.of("train", id, engine);
    for (const { id } of adaptations) code.of("adapt", id, engine);
  }
  code.save();
  const loaded = new Map<string, ReadonlyMap<string, SiteData>>();
  return {
    sitesOf({ kind, task, profile, method, numerics }, folder) {
      const { engine, data: dataHash } = numerics;
      if (code.of(kind === "federation" ? "train" : "adapt", method.id, engine as EngineName) !== numerics.code)
        throw changed(`the code of ${method.id}`);
      const key = `${folder} ${dataHash}`;
      const known = loaded.get(key);
      if (known) return known;
      let sites = loadSites(task, profile.data, folder);
      if (hashData(sites) !== dataHash && profile.data.source === "phantom")
        sites = remakePhantom(task, profile.data, folder, "its hash is another than when it was made");
      if (hashData(sites) !== dataHash) throw changed(`the data of task ${task.id}`);
      loaded.set(key, sites);
      return sites;
    },
  };
}

const changed = (what: string) =>
  new WorkbenchError(`${what} changed after this run was planned`, "run the command again");
