import { existsSync } from "node:fs";
import { WorkbenchError } from "../core/errors";
import { fundusSiteTable } from "../data/sets/fundus/sites";
import { loadSite } from "../data/set/load";
import { fundusSet } from "../data/sets/fundus/set";
import type { Measurement } from "../data/measure/measure";
import { measureFundusCamera } from "../data/measure/fundus/measure";
import { measureFundusMasks } from "../data/measure/fundus/masks";
import { measureProstateSite } from "../data/measure/prostate/measure";
import { prostateSiteTable } from "../data/sets/prostate/sites";
import { readProfile, readTask } from "../records/config";
import { phantomFolder } from "../records/dataset";

/**
 * The phantom of a task measured site by site, as it is made at the size of a profile, beside what its constants ask for. Of the fundus the
 * masks that lie in the phantom's files are measured too, once `dataset` has written them.
 */
export function measurements(taskId: string, { profile }: { readonly profile: string }): readonly Measurement[] {
  const task = readTask(taskId);
  const { data } = readProfile(profile);
  if (task.set === "own")
    throw new WorkbenchError(
      `task ${taskId} has no phantom to measure`,
      "choose prostate or fundus; npx iopfl data check looks at your own images",
    );
  if (task.set === "prostate") return siteBySite(prostateSiteTable(), (site) => measureProstateSite(site, data));
  const folder = phantomFolder(task, data);
  return siteBySite(fundusSiteTable(), (site) => [
    ...measureFundusCamera(site, data),
    ...(existsSync(folder) ? measureFundusMasks(site, loadSite(fundusSet, folder, site.name, data)) : []),
  ]);
}

/** It takes seconds for each site, so a line grows meanwhile. */
function siteBySite<Site>(
  table: ReadonlyMap<string, Site>,
  measure: (site: Site) => readonly Measurement[],
): readonly Measurement[] {
  process.stdout.write(`measuring ${table.size} sites:`);
  const measured = Array.from(table, ([name, site]) => {
    process.stdout.write(` ${name}`);
    return measure(site);
  });
  process.stdout.write("\n");
  return measured.flat();
}
