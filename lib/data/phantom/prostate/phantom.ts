import { join } from "node:path";
import { createRandom } from "../../../core/random";
import { WorkbenchError } from "../../../core/errors";
import { writeAtomic } from "../../../io/atomic";
import { writeNifti } from "../../../io/nifti";
import { createAnatomy } from "./anatomy";
import { prostatePhantomConfig } from "./config";
import { scanAnatomy, type ProstatePhantomVolume } from "./scan";
import { repeated } from "../shared/repeated";
import { prostateSiteTable, type ProstateSite } from "../../sets/prostate/sites";

export interface ProstatePhantomOptions {
  readonly seed: string | number;
  /** Pixels along each side of a slice: a multiple of 16, 384 as in the real set. */
  readonly side: number;
  /** The first so many cases of each site, or `real`: as many as the site has. */
  readonly casesPerSite?: number | "real";
  /** Slices of each volume (8 to 10 of 12 show the gland), or `real`: as many as the site's resolution needs. */
  readonly slices?: number | "real";
  /** Names a further scan of the same patients, which differs in its noise alone (default: the scan that the files hold). */
  readonly repeat?: string;
}

/** One case of the phantom: equal arguments give equal volumes on every machine, whatever else is made. */
export function prostatePhantomCase(
  site: ProstateSite,
  id: string,
  { seed, side, slices = 12, repeat }: ProstatePhantomOptions,
): ProstatePhantomVolume {
  const random = createRandom(seed).child("prostate-phantom").child(site.name).child(id);
  const config = prostatePhantomConfig();
  const anatomy = createAnatomy(site, config, random.child("anatomy"));
  const scan = random.child("scan");
  return scanAnatomy(anatomy, site, config, { side, slices }, repeat === undefined ? scan : repeated(scan, repeat));
}

/**
 * Writes the phantom as the real set is laid out: `<SITE>/CaseNN.nii.gz` (int16) with `<SITE>/CaseNN_segmentation.nii.gz` (uint8;
 * a capital S in ISBI_1.5; zones 1 and 2 in ISBI, 1 elsewhere). It can be stopped between cases and run again.
 * @param onProgress called after each case
 * @throws WorkbenchError when an option is out of range or the folder cannot be written
 */
export function writeProstatePhantom(
  folder: string,
  options: ProstatePhantomOptions,
  onProgress?: (done: number, total: number) => void,
): void {
  checkOptions(options);
  const { casesPerSite = "real" } = options;
  const sites = [...prostateSiteTable().values()];
  const jobs = sites.flatMap((site) =>
    site.cases.slice(0, casesPerSite === "real" ? undefined : casesPerSite).map((id) => ({ site, id })),
  );
  jobs.forEach(({ site, id }, index) => {
    const { image, zones, shape, spacing } = prostatePhantomCase(site, id, options);
    const mask = site.name === "ISBI" ? zones : zones.map((zone) => Math.min(zone, 1));
    writeAtomic(
      join(folder, site.name, `${id}${site.maskSuffix}.nii.gz`),
      writeNifti({ voxels: mask, shape, spacing }),
    );
    writeAtomic(join(folder, site.name, `${id}.nii.gz`), writeNifti({ voxels: image, shape, spacing }));
    onProgress?.(index + 1, jobs.length);
  });
}

function checkOptions({ side, casesPerSite = "real", slices = "real" }: ProstatePhantomOptions): void {
  const natural = (value: number | "real", least: number) =>
    value === "real" || (Number.isInteger(value) && value >= least);
  if (!Number.isInteger(side) || side < 16 || side % 16 !== 0)
    throw new WorkbenchError(`invalid side ${side}`, "use a multiple of 16, for example 64 or 384");
  if (!natural(casesPerSite, 3))
    throw new WorkbenchError(
      `invalid number of cases per site ${casesPerSite}`,
      "use 3 or more (one for each part of the split), or real",
    );
  if (!natural(slices, 5)) throw new WorkbenchError(`invalid number of slices ${slices}`, "use 5 or more, or real");
}
