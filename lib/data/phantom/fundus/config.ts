import { z } from "zod";
import { projectConfig } from "../../../io/project-config";
import { fundusSites } from "../../sets/fundus/sites";

const source = z.string().min(6).describe("a citation, or `chosen` with the reason");
const value = z.strictObject({ value: z.number().positive(), source });
const spread = z.strictObject({ mean: z.number(), deviation: z.number().nonnegative(), source });
const share = z.number().min(0).max(1);
const positive = z.number().positive();
const colour = z.strictObject({ red: positive, green: positive, blue: positive, source });
const schema = z.strictObject({
  eye: z.strictObject({
    discHorizontal: spread,
    discElongation: spread,
    cupRatioNormal: spread,
    cupRatioGlaucoma: spread,
    cupElongation: spread,
    outlineRoughness: spread,
    offset: spread,
    pigment: spread,
    atrophyShare: spread,
  }),
  reflectance: z.strictObject({ background: colour, rim: colour, cup: colour, atrophy: colour }),
  pigmentEffect: colour,
  absorption: colour,
  vessels: z.strictObject({ arteryDiameter: value, veinDiameter: value, branchEvery: value }),
  texture: z.strictObject({ choroid: value, fibres: value, cupEdge: value }),
  cameras: z.record(
    z.enum(fundusSites),
    z.strictObject({
      glaucoma: share,
      cropMillimetres: positive,
      gain: z.tuple([positive, positive, positive]),
      gamma: positive,
      blur: positive,
      shotNoise: z.number().nonnegative(),
      readNoise: z.number().nonnegative(),
      shade: share,
      tilt: z.number().nonnegative(),
      lift: share,
      twoViews: share,
      source,
    }),
  ),
});

/** Every constant of the fundus phantom with its source: see `configs/data/fundus-phantom.yaml` for units. */
export type FundusPhantomConfig = z.output<typeof schema>;
/** How one camera sees. */
export type FundusCamera = FundusPhantomConfig["cameras"]["Domain1"];

/** Reads the constants once. @throws WorkbenchError naming the line of a bad value */
export const fundusPhantomConfig = projectConfig("configs/data/fundus-phantom.yaml", schema);
