import type { Random } from "../../../core/random";
import type { Anatomy } from "./anatomy";
import type { ProstateScan } from "./config";

/** Millimetres from the gland to the skin, where an array of surface coils lies. */
const surfaceDepth = 100;

/**
 * Sensitivity of the receiving coils: an array around the pelvis with a random smooth bias, and an endorectal loop if there is
 * one.
 */
export function createSensitivity(
  anatomy: Anatomy,
  scan: ProstateScan,
  halfView: number,
  random: Random,
): (x: number, y: number, z: number) => number {
  const [slopeX, slopeY, curve] = [random.normal(), random.normal(), random.normal()];
  const square = scan.coilRadius * scan.coilRadius;
  return (x, y, z) => {
    const [right, back] = [x / halfView, y / halfView];
    const depth = y / surfaceDepth;
    const bias = Math.max(
      0.1,
      1 + scan.bias * (slopeX * right + slopeY * back + curve * (right * right + back * back - 0.5)),
    );
    const array = bias * (1 + scan.surfaceRise * depth * depth);
    if (scan.coilPeak === 0) return array;
    const [fromX, fromY, fromZ] = [x - anatomy.coil[0], y - anatomy.coil[1], 0.5 * z];
    const ratio = square / (square + fromX * fromX + fromY * fromY + fromZ * fromZ);
    const loop = scan.coilPeak * ratio * Math.sqrt(ratio);
    return Math.sqrt(array * array + loop * loop);
  };
}
