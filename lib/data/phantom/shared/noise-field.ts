import type { Random } from "../../../core/random";

/** A smooth random field over space. */
export type NoiseField = (x: number, y: number, z: number) => number;

const side = 16;

/**
 * Normal numbers on a lattice of spacing 1 that repeats every 16, joined smoothly. Mean 0, deviation at most 1. Only sums and
 * products: the same values on every machine.
 */
export function createNoiseField(random: Random): NoiseField {
  const lattice = Float64Array.from({ length: side ** 3 }, () => random.normal());
  return (x, y, z) => {
    const cellX = Math.floor(x);
    const cellY = Math.floor(y);
    const cellZ = Math.floor(z);
    const shareX = smooth(x - cellX);
    const left = cellX & last;
    const right = (cellX + 1) & last;
    const row = (planeZ: number, planeY: number): number => {
      const start = ((planeZ & last) * side + (planeY & last)) * side;
      return lattice[start + left] + shareX * (lattice[start + right] - lattice[start + left]);
    };
    const shareY = smooth(y - cellY);
    const near = mix(row(cellZ, cellY), row(cellZ, cellY + 1), shareY);
    return mix(near, mix(row(cellZ + 1, cellY), row(cellZ + 1, cellY + 1), shareY), smooth(z - cellZ));
  };
}

const last = side - 1;
const smooth = (t: number) => t * t * (3 - 2 * t);
const mix = (from: number, to: number, share: number) => from + share * (to - from);
