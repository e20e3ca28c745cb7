import { readdirSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../../core/errors";
import { readNiftiFile, type NiftiVolume } from "../../../io/nifti";
import { resizeSlices } from "../../set/resize";
import { prostateSite, type ProstateSite } from "./sites";
import { labelledSlices } from "../../set/stacking";
import type { Case } from "../../set/types";

/** Where one case lies. */
export interface CaseFiles {
  readonly site: string;
  readonly id: string;
  readonly image: string;
  readonly mask: string;
}

/** The cases found of one site, by id. */
export interface SiteFiles {
  readonly site: ProstateSite;
  readonly cases: readonly CaseFiles[];
}

/**
 * Finds the cases of the multi-site prostate set, in either naming of its folders (ISBI or RUNMC, ISBI_1.5 or BMC). Masks are
 * known by `segmentation` in any case, as in the official `utils/data_preprocess.py:14`.
 * @throws WorkbenchError for a folder that is not a site, a mask without image or an image without mask
 */
export function findCases(folder: string): SiteFiles[] {
  const folders = list(folder).filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  if (folders.length === 0)
    throw new WorkbenchError(
      `no sites in ${folder}`,
      "make a phantom with `npx iopfl data phantom`, or see dataset/README.md",
    );
  const sites = folders.map(({ name }) => prostateSite(name));
  const names = sites.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new WorkbenchError(`${folder} holds site ${twice} under two names`, "remove one of the folders");
  return sites.map((site, index) => ({ site, cases: casesOf(join(folder, folders[index].name), site.name) }));
}

function casesOf(folder: string, site: string): CaseFiles[] {
  const names = list(folder)
    .filter((entry) => entry.isFile() && /^Case\d\d.*\.nii(\.gz)?$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const byId = new Map<string, { image?: string; mask?: string }>();
  for (const name of names) {
    const files = byId.get(name.slice(0, 6)) ?? {};
    const kind = /segmentation/i.test(name) ? "mask" : "image";
    if (files[kind])
      throw new WorkbenchError(
        `${site} ${name.slice(0, 6)} has two ${kind} files: ${files[kind]} and ${name}`,
        "keep one",
      );
    byId.set(name.slice(0, 6), { ...files, [kind]: name });
  }
  return [...byId].map(([id, { image, mask }]) => {
    if (!image || !mask)
      throw new WorkbenchError(
        `${site} ${id} has no ${image ? "mask" : "image"} beside ${image ?? mask}`,
        "fetch the missing file",
      );
    return { site, id, image: join(folder, image), mask: join(folder, mask) };
  });
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new WorkbenchError(
      `cannot read the folder ${folder} (${(error as NodeJS.ErrnoException).code})`,
      "make a phantom with `npx iopfl data phantom`, or see dataset/README.md",
    );
  }
}

/**
 * Reads one case; labels above 0 become 1. With `side`, slices that are not `side` x `side` are resized: images by area, masks
 * where half of a pixel is prostate.
 * @throws WorkbenchError when mask and image differ in shape, when nothing is labelled, or when a voxel is not a number
 */
export function readCase({ site, id, image, mask }: CaseFiles, side?: number): Case {
  return assembleCase({
    site,
    id,
    image: readNiftiFile(image, `${site}/${id} image`),
    mask: readNiftiFile(mask, `${site}/${id} mask`),
    side,
  });
}

/** One case from its two volumes: see `readCase`. */
export function assembleCase({
  site,
  id,
  image,
  mask,
  side,
}: {
  site: string;
  id: string;
  image: NiftiVolume;
  mask: NiftiVolume;
  side?: number;
}): Case {
  if (image.shape.join() !== mask.shape.join()) {
    throw new WorkbenchError(
      `${site}/${id}: the image has shape [${image.shape}], its mask [${mask.shape}]`,
      "fetch the pair again",
    );
  }
  if (!image.voxels.every(Number.isFinite))
    throw new WorkbenchError(`${site}/${id}: the image has voxels that are not numbers`, "fetch it again");
  const binary = Float32Array.from(mask.voxels, (label) => (label > 0 ? 1 : 0));
  const [depth, height, width] = image.shape;
  const resized = side !== undefined && (height !== side || width !== side);
  const labels = resized
    ? resizeSlices(binary, image.shape, side, side).map((share) => (share >= 0.5 ? 1 : 0))
    : binary;
  const read: Case = {
    site,
    id,
    image: resized
      ? {
          voxels: resizeSlices(image.voxels, image.shape, side, side),
          shape: [depth, side, side],
          spacing: [image.spacing[0], (image.spacing[1] * height) / side, (image.spacing[2] * width) / side],
        }
      : image,
    mask: Uint8Array.from(labels),
  };
  if (labelledSlices(read.mask, read.image.shape).length === 0)
    throw new WorkbenchError(
      `${site}/${id}: the mask has no label above 0`,
      "leave the case out, or fetch its mask again",
    );
  return read;
}
