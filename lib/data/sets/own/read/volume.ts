import { WorkbenchError } from "../../../../core/errors";
import { toFloats } from "../../../../io/half";
import { readNifti, type ReadVolume } from "../../../../io/nifti";
import { isNumpy, readNumpy } from "../../../../io/npy";

/**
 * Reads a volume by what its first bytes say, whatever its name says.
 * @param source the file's name, for errors @throws WorkbenchError naming it and what is wrong
 */
export function readVolume(bytes: Uint8Array, source: string): ReadVolume {
  if (!isNumpy(bytes)) return readNifti(bytes, source);
  const array = readNumpy(bytes, source);
  const { shape } = array;
  const [depth, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  if (![2, 3].includes(shape.length) || array.data.length === 0)
    throw new WorkbenchError(
      `${source}: an array of shape [${shape}] is no volume`,
      "save it as [slices, height, width]",
    );
  return {
    voxels: toFloats(array),
    shape: [depth, height, width],
    spacing: [1, 1, 1],
    notes: ["does not say how large its voxels are: distances are in voxels"],
  };
}
