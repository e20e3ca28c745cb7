import { WorkbenchError } from "../core/errors";
import { openSource } from "../data/set/source";
import { imageSetOf } from "../data/task/image-set";
import { niftiStart, writtenAxes } from "../io/nifti";
import { readNiftiHeader } from "../io/nifti-header";
import { axisCodes } from "../io/nifti-space";
import type { Profile, Task } from "../records/config";
import { knownData } from "../records/dataset";

/**
 * To which sides of the body the axes of a task's images run, by one volume of every site: which way up models have seen a patient is
 * nowhere in their weights.
 * @returns nothing where real images are not on this machine, or do not say
 */
export function trainingOrientations(task: Task, data: Profile["data"]): readonly string[] | undefined {
  if (data.source === "phantom") return [writtenAxes];
  const folder = knownData(task, data)?.folder;
  if (folder === undefined) return undefined;
  try {
    const source = openSource(folder);
    const { cases } = imageSetOf(task).plan(source.names, source.read);
    const firsts = task.sites.flatMap((site) => cases.find((each) => each.site === site) ?? []);
    const codes = firsts.flatMap(({ image }) => {
      if (!/\.nii(\.gz)?$/i.test(image)) return [];
      const { affine } = readNiftiHeader(niftiStart(source.read(image), image), image);
      return affine ? [axisCodes(affine)] : [];
    });
    return codes.length === 0 ? undefined : [...new Set(codes)].sort();
  } catch (error) {
    if (error instanceof WorkbenchError) return undefined;
    throw error;
  }
}
