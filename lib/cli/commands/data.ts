import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describeError, WorkbenchError } from "../../core/errors";
import { findCases, readCase } from "../../data/sets/prostate/cases";
import { findFundusCases } from "../../data/sets/fundus/cases";
import { prepareFundus } from "../../data/sets/fundus/load";
import { fundusSites } from "../../data/sets/fundus/sites";
import { imageSets } from "../../data/sets/image-sets";
import { readPrepared } from "../../data/sets/prostate/load";
import { readProfile, readTask } from "../../records/config";
import { phantomFolder } from "../../records/dataset";

/** Photographs are read whole and checked at this size. */
const smallSide = 64;

interface PhantomCommand {
  readonly profile: string;
  readonly out?: string;
  readonly side?: number;
  readonly slices?: number | "real";
  readonly cases?: number | "real";
}

/** `iopfl data phantom`: a profile's phantom where the profile looks for it, or one of another size. */
export function phantom(taskId: string, { profile, out, side, slices, cases }: PhantomCommand): void {
  const task = readTask(taskId);
  const { data } = readProfile(profile);
  const asked = {
    ...(side && { side }),
    ...(slices && { slices }),
    ...(cases && { casesPerSite: cases, imagesPerSite: cases }),
  };
  const ownSize = Object.keys(asked).length > 0;
  if (data.source !== "phantom" && !ownSize)
    throw new WorkbenchError(
      `profile "${profile}" uses real data from ${data.source}`,
      "choose --profile quick or phantom, or give --side",
    );
  if (ownSize && !out)
    throw new WorkbenchError("a phantom of another size than the profile's needs a place", "give --out <folder>");
  const folder = out ? resolve(out) : phantomFolder(task, data);
  imageSets[task.set].writePhantom(folder, { ...data, ...asked }, (done, total) => {
    if (done % 10 === 0 || done === total) process.stderr.write(`phantom: ${done} of ${total} cases\n`);
  });
  process.stdout.write(`${relative(process.cwd(), folder) || "."}\n`);
}

/** One site as `verify` sees it: its cases, each with what reads it, and which of the published ones are not there. */
interface VerifiedSite {
  readonly name: string;
  readonly cases: readonly { readonly slices: () => number }[];
  readonly missing: string;
}

/** `iopfl data verify <folder>`: reads every case of either set and reports all faults at once. */
export function verify(folder: string): void {
  let faults = 0;
  for (const { name, cases, missing } of sitesOf(resolve(folder))) {
    let slices = 0;
    for (const each of cases) {
      try {
        slices += each.slices();
      } catch (error) {
        faults++;
        process.stdout.write(`FAULT ${describeError(error)}\n`);
      }
    }
    process.stdout.write(`${name}: ${cases.length} cases, ${slices} slices${missing}\n`);
  }
  if (faults > 0) throw new WorkbenchError(`${faults} cases of ${folder} cannot be used`, "mend or remove them");
}

/** The fundus set is known by the names of its folders. */
function sitesOf(folder: string): VerifiedSite[] {
  if (fundusSites.some((name) => existsSync(join(folder, name)))) {
    return findFundusCases(folder).map(({ site, cases }) => ({
      name: site.name,
      cases: cases.map((files) => ({ slices: () => readPrepared(files, smallSide, prepareFundus).slices.length })),
      missing: cases.length < site.images ? `; not there: ${site.images - cases.length}` : "",
    }));
  }
  return findCases(folder).map(({ site, cases }) => {
    const missing = site.cases.filter((id) => !cases.some((found) => found.id === id));
    return {
      name: site.name,
      cases: cases.map((files) => ({ slices: () => readCase(files).image.shape[0] })),
      missing: missing.length > 0 ? `; not there: ${missing.join(", ")}` : "",
    };
  });
}
