import type { Random } from "../../../core/random";
import type { Anatomy } from "./anatomy";
import { createSensitivity } from "./coils";
import { tissueNames, type ProstatePhantomConfig } from "./config";
import { createSignal, type TissueSignal } from "./signal";
import type { ProstateSite } from "../../sets/prostate/sites";

/** What a scanner gives of one patient. */
export interface ProstatePhantomVolume {
  /** `[depth, height, width]`, scanner units. */
  readonly image: Int16Array;
  /** 0 background, 1 peripheral zone (with the capsule and the stroma), 2 transition zone. */
  readonly zones: Uint8Array;
  readonly shape: readonly [depth: number, height: number, width: number];
  readonly spacing: readonly [depth: number, height: number, width: number];
}

export interface ScanOptions {
  /** Pixels along each side of a slice; the field of view does not depend on it. */
  readonly side: number;
  /** Number of slices, or `real`: as many as the site's through-plane resolution needs. */
  readonly slices: number | "real";
}

/** Signal to which a site's noise ratio refers, and the grid on which it holds. */
const referenceSignal = 0.4;
const referenceSide = 384;
/** Points along each axis of a voxel over which the signal is averaged: partial volumes. */
const points = [-0.25, 0.25] as const;
const transition = tissueNames.indexOf("transition");

/** Scans a patient: T2-weighted spin echo, partial volumes, coil sensitivity, bias field, ghost, Rician noise, whole numbers. */
export function scanAnatomy(
  anatomy: Anatomy,
  site: ProstateSite,
  config: ProstatePhantomConfig,
  { side, slices }: ScanOptions,
  random: Random,
): ProstatePhantomVolume {
  const scan = config.scans[site.name];
  const between = ([low, high]: readonly [number, number], label: string) =>
    low + (high - low) * random.child(label).uniform();
  const resolution = between(site.inPlaneMillimetres, "in-plane");
  const pixel = (scan.matrix * resolution) / side;
  const height = 2 * anatomy.halfHeight;
  const thickness =
    slices === "real"
      ? between(site.throughPlaneMillimetres, "through-plane")
      : height / (config.labelledShare.value * slices);
  const depth = slices === "real" ? Math.ceil(height / thickness) + 6 : slices;
  const centre = {
    x: 3 * random.child("x").normal(),
    y: 4 * random.child("y").normal(),
    z: 0.3 * thickness * random.child("z").uniform(-1, 1),
  };

  const tissueSignal = createSignal(site, config, scan, random);
  const sensitivity = createSensitivity(anatomy, scan, (scan.matrix * resolution) / 2, random.child("bias"));
  // Averaging over larger pixels lowers the noise as measuring them would.
  const deviation = (referenceSignal / scan.noiseRatio) * (side / referenceSide);
  const noise = random.child("noise");
  const area = side * side;
  const image = new Int16Array(depth * area);
  const zones = new Uint8Array(depth * area);
  const clean = new Float64Array(area);
  const displacement = Math.round(side * (0.3 + 0.4 * random.child("ghost").uniform()));
  const footprint = Math.max(pixel, resolution);

  for (let slice = 0; slice < depth; slice++) {
    const z = (slice - (depth - 1) / 2) * thickness - centre.z;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const x = (column - (side - 1) / 2) * pixel - centre.x;
        const y = (row - (side - 1) / 2) * pixel - centre.y;
        const { signal, zone } = averageVoxel(anatomy, tissueSignal, x, y, z, footprint, thickness);
        clean[row * side + column] = signal * sensitivity(x, y, z);
        zones[slice * area + row * side + column] = zone;
      }
    }
    for (let i = 0; i < area; i++) {
      const real = clean[i] + scan.ghost * clean[(i + displacement * side) % area] + deviation * noise.normal();
      const imaginary = deviation * noise.normal();
      image[slice * area + i] = Math.min(32767, Math.round(scan.gain * Math.sqrt(real * real + imaginary * imaginary)));
    }
  }
  return { image, zones, shape: [depth, side, side], spacing: [thickness, pixel, pixel] };
}

/** Mean signal over a voxel, and the zone that most of its points lie in (0 unless half of them lie in the gland). */
function averageVoxel(
  anatomy: Anatomy,
  tissueSignal: TissueSignal,
  x: number,
  y: number,
  z: number,
  width: number,
  thickness: number,
): { signal: number; zone: number } {
  const bend = anatomy.bendAt(x, y, z);
  let sum = 0;
  let inGland = 0;
  let inTransition = 0;
  for (const partZ of points) {
    for (const partY of points) {
      for (const partX of points) {
        const px = x + partX * width;
        const py = y + partY * width;
        const pz = z + partZ * thickness;
        const tissue = anatomy.tissueAt(px, py, pz, bend);
        sum += tissueSignal(tissue, px, py, pz);
        if (!glandular[tissue] || !anatomy.inGland(px, py, pz)) continue;
        inGland++;
        if (tissue === transition) inTransition++;
      }
    }
  }
  const count = points.length ** 3;
  return { signal: sum / count, zone: 2 * inGland < count ? 0 : 2 * inTransition >= inGland ? 2 : 1 };
}

/** Tissues that occur in the gland: stroma, and the zones. */
const glandular = tissueNames.map((name) => name === "peripheral" || name === "transition" || name === "stroma");
