/** Three rows of `mm = row . (i, j, k, 1)`: where the voxel lies whose place along the file's x, y and z is i, j, k. */
export type Affine = readonly [AffineRow, AffineRow, AffineRow];
type AffineRow = readonly [number, number, number, number];

/** What a NIfTI header says of places, as it stands there. */
export interface SpaceFields {
  readonly pixdim: readonly number[];
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c, d of the unit quaternion, then x, y, z of the first voxel. */
  readonly quaternion: readonly number[];
  /** srow_x, srow_y, srow_z, one behind the other. */
  readonly sform: readonly number[];
}

/** The space that counts, as nibabel chooses it: sform, else qform; none where neither is set or sound. */
export function affineOf(fields: SpaceFields): { readonly affine?: Affine; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const sound = (affine: Affine | undefined, name: string) => {
    if (!affine || isSound(affine)) return affine;
    notes.push(`its ${name} maps no volume (not a number, or flat) and is left out`);
    return undefined;
  };
  const sform = sound(fields.sformCode > 0 ? sformOf(fields) : undefined, "sform");
  const qform = sound(fields.qformCode > 0 ? qformOf(fields) : undefined, "qform");
  return { affine: sform ?? qform, notes };
}

/** Millimetres between neighbours along the file's x, y and z. */
export function stepsOf(affine: Affine): [number, number, number] {
  const column = (axis: 0 | 1 | 2) => Math.hypot(affine[0][axis], affine[1][axis], affine[2][axis]);
  return [column(0), column(1), column(2)];
}

/** Where a voxel lies. */
export function placeOf(affine: Affine, [i, j, k]: readonly [number, number, number]): [number, number, number] {
  const along = ([x, y, z, origin]: AffineRow) => x * i + y * j + z * k + origin;
  return [along(affine[0]), along(affine[1]), along(affine[2])];
}

/** To which side of the body each axis runs, as nibabel's `aff2axcodes`: `RAS`. */
export function axisCodes(affine: Affine): string {
  return [0, 1, 2]
    .map((axis) => {
      const column = affine.map((row) => row[axis]);
      const main = column.reduce((most, value, i) => (Math.abs(value) > Math.abs(column[most]) ? i : most), 0);
      return (column[main] < 0 ? "LPI" : "RAS")[main];
    })
    .join("");
}

function sformOf({ sform }: SpaceFields): Affine {
  const row = (start: number): AffineRow => [sform[start], sform[start + 1], sform[start + 2], sform[start + 3]];
  return [row(0), row(4), row(8)];
}

/** nifti1.h, method 2: a rotation by a quaternion, lengths of pixdim, the third axis turned by the sign of pixdim[0]. */
function qformOf({ quaternion: [b, c, d, x, y, z], pixdim }: SpaceFields): Affine {
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const [i, j] = [Math.abs(pixdim[1]) || 1, Math.abs(pixdim[2]) || 1];
  const k = (Math.abs(pixdim[3]) || 1) * (pixdim[0] < 0 ? -1 : 1);
  return [
    [(a * a + b * b - c * c - d * d) * i, 2 * (b * c - a * d) * j, 2 * (b * d + a * c) * k, x],
    [2 * (b * c + a * d) * i, (a * a + c * c - b * b - d * d) * j, 2 * (c * d - a * b) * k, y],
    [2 * (b * d - a * c) * i, 2 * (c * d + a * b) * j, (a * a + d * d - c * c - b * b) * k, z],
  ];
}

function isSound(affine: Affine): boolean {
  const [[a, b, c], [d, e, f], [g, h, i]] = affine;
  const volume = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const [x, y, z] = stepsOf(affine);
  return affine.flat().every(Number.isFinite) && Math.abs(volume) > 1e-6 * x * y * z;
}
