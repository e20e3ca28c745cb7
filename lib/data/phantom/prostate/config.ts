import { z } from "zod";
import { projectConfig } from "../../../io/project-config";
import { prostateSites } from "../../sets/prostate/sites";

/** The tissues of the phantom; a tissue is known by its place in this list. */
export const tissueNames = [
  "air",
  "fat",
  "muscle",
  "marrow",
  "cortical",
  "urine",
  "wall",
  "content",
  "peripheral",
  "transition",
  "stroma",
  "vesicle",
] as const;
export type TissueName = (typeof tissueNames)[number];

const source = z.string().min(6).describe("a citation, or `chosen` with the reason");
const value = z.strictObject({ value: z.number().positive(), source });
const spread = z.strictObject({ mean: z.number().positive(), deviation: z.number().nonnegative(), source });
const schema = z.strictObject({
  fieldScaling: z.strictObject({ t1Ratio3TTo1_5T: value, t2Ratio1_5TTo3T: value }),
  tissues: z.record(
    z.enum(tissueNames),
    z.strictObject({
      protonDensity: z.number().min(0).max(1),
      t1: z.number().positive(),
      t2: z.number().positive(),
      texture: z.number().min(0).max(1),
      textureLength: z.number().positive(),
      source,
    }),
  ),
  patients: z.strictObject({ peripheralT2: value, transitionT2: value }),
  anatomy: z.strictObject({
    halfWidth: spread,
    halfDepth: spread,
    heightRatio: spread,
    transitionShare: spread,
    roughness: spread,
    rectumHalfWidth: spread,
    rectumHalfDepth: spread,
    balloonHalfWidth: spread,
    balloonHalfDepth: spread,
    balloonCompression: spread,
    pelvicHalfWidth: spread,
  }),
  labelledShare: value,
  scans: z.record(
    z.enum(prostateSites),
    z.strictObject({
      repetition: z.number().positive(),
      echo: z.number().positive(),
      matrix: z.int().positive(),
      gain: z.number().positive(),
      noiseRatio: z.number().positive(),
      coilPeak: z.number().nonnegative(),
      coilRadius: z.number().positive(),
      surfaceRise: z.number().nonnegative(),
      bias: z.number().nonnegative(),
      ghost: z.number().min(0).max(1),
      source,
    }),
  ),
});

/** Every constant of the prostate phantom with its source: see `configs/data/prostate-phantom.yaml` for units. */
export type ProstatePhantomConfig = z.output<typeof schema>;
/** How one site scans. */
export type ProstateScan = ProstatePhantomConfig["scans"]["HK"];

/** Reads the constants once. @throws WorkbenchError naming the line of a bad value */
export const prostatePhantomConfig = projectConfig("configs/data/prostate-phantom.yaml", schema);
