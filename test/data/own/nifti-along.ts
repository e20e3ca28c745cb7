import { writeNifti } from "../../../lib/io/nifti";

/** Three rows of four: millimetres of a voxel's place along the file's x, y and z. */
export type Rows = readonly (readonly [number, number, number, number])[];

/** A volume whose file says that it lies so. @param voxels `[z, y, x]` */
export function niftiAlong(
  voxels: Float32Array | Uint8Array,
  shape: readonly [number, number, number],
  rows: Rows,
  spacing: readonly [number, number, number] = [1, 1, 1],
): Uint8Array {
  const file = writeNifti({ voxels, shape, spacing }, { gzip: false });
  const view = new DataView(file.buffer, file.byteOffset);
  // srow_x, srow_y and srow_z of nifti1.h.
  rows.flat().forEach((value, i) => view.setFloat32(280 + 4 * i, value, true));
  return file;
}
