import { stepsOf, type Affine, type SpaceFields } from "./nifti-space";

/** Lengths between voxels that a scanner can have, millimetres. */
const plausible = { least: 0.005, most: 50 };
const unitNames: Readonly<Record<number, string>> = { 1: "metres", 2: "millimetres", 3: "micrometres" };

/**
 * Lengths by pixdim, whose sign does not count; where it says none, by the affine, as nibabel reads both. xyzt_units holds metres
 * (1), millimetres (2) or micrometres (3) in its lowest three bits, else millimetres are meant. A unit that makes lengths which no
 * scanner has, of numbers that are plausible millimetres, is not believed.
 */
export function spacingOf(
  { pixdim, units }: Pick<SpaceFields, "pixdim"> & { readonly units: number },
  affine: Affine | undefined,
  broken: (what: string) => Error,
): { millimetres: readonly [depth: number, height: number, width: number]; notes: string[] } {
  const steps = affine && stepsOf(affine);
  const notes: string[] = [];
  const shown = (list: readonly number[]) => list.map((each) => Number(each.toPrecision(4))).join(" x ");
  const lengths = [3, 2, 1].map((axis) => {
    const length = Math.abs(pixdim[axis]);
    if (Number.isFinite(length) && length > 0) return length;
    if (!steps) throw broken(`pixdim[${axis}] is ${pixdim[axis]}, want a positive length`);
    return steps[axis - 1];
  });
  if (steps && lengths.some((length, i) => Math.abs(length - steps[2 - i]) > 0.01 * length))
    notes.push(`its pixdim says ${shown([...lengths].reverse())}, its space ${shown(steps)}; pixdim counts`);
  const unit = units & 7;
  const scaled = lengths.map((length) => length * ({ 1: 1000, 3: 0.001 }[unit] ?? 1));
  const fits = (list: readonly number[]) => list.every((each) => each >= plausible.least && each <= plausible.most);
  const believed = fits(scaled) || !fits(lengths);
  if (unit > 3) notes.push(`its xyzt_units ${unit} is no unit of length; read as millimetres`);
  if (!believed)
    notes.push(`xyzt_units says ${unitNames[unit]}, which makes voxels of ${shown(scaled)} mm; read as millimetres`);
  else if (!fits(scaled)) notes.push(`voxels of ${shown(scaled)} mm, which no scanner has`);
  const [depth, height, width] = believed ? scaled : lengths;
  return { millimetres: [depth, height, width], notes };
}
