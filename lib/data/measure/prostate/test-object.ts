import { createRandom } from "../../../core/random";
import type { Anatomy } from "../../phantom/prostate/anatomy";
import {
  prostatePhantomConfig,
  tissueNames,
  type ProstatePhantomConfig,
  type ProstateScan,
} from "../../phantom/prostate/config";
import { scanAnatomy, type ProstatePhantomVolume, type ScanOptions } from "../../phantom/prostate/scan";
import type { ProstateSite } from "../../sets/prostate/sites";

/** Nothing that disturbs, and steps of the whole numbers that are small beside the signal; a test adds what it measures. */
export const clean: Partial<ProstateScan> = {
  ghost: 0,
  bias: 0,
  surfaceRise: 0,
  coilPeak: 0,
  noiseRatio: 1e9,
  gain: 30_000,
};

/** An even block of muscle without a gland, a coil in its middle. */
export function testObject(halfHeight: number): Anatomy {
  const muscle = tissueNames.indexOf("muscle");
  return { halfHeight, coil: [0, 0], bendAt: () => [0, 0], tissueAt: () => muscle, inGland: () => false };
}

/** Scans a test object as a site does, its tissues even. */
export function scan(
  site: ProstateSite,
  object: Anatomy,
  changed: Partial<ProstateScan>,
  options: ScanOptions,
  label = "bench",
): ProstatePhantomVolume {
  const config = prostatePhantomConfig();
  const even = Object.fromEntries(
    tissueNames.map((name) => [name, { ...config.tissues[name], texture: 0 }]),
  ) as ProstatePhantomConfig["tissues"];
  const scans = { ...config.scans, [site.name]: { ...config.scans[site.name], ...changed } };
  return scanAnatomy(object, site, { ...config, tissues: even, scans }, options, createRandom(`${label}/${site.name}`));
}

/** The middle slice, row by row, and millimetres between its pixels. */
export function middleSlice({ image, shape: [depth, side], spacing }: ProstatePhantomVolume): {
  values: number[];
  side: number;
  pixel: number;
} {
  const start = Math.floor(depth / 2) * side * side;
  return { values: Array.from(image.subarray(start, start + side * side)), side, pixel: spacing[1] };
}
