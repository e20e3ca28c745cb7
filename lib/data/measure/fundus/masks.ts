import type { FundusSite } from "../../sets/fundus/sites";
import { mean } from "../../../core/mean";
import { allSlices } from "../../set/site-data";
import { compared, deviation, type Measurement } from "../measure";
import { fundusPhantomConfig } from "../../phantom/fundus/config";
import type { SiteData, SliceSet } from "../../set/types";

/** What doctors measure in one eye's mask. */
export interface EyeSize {
  /** Heights in pixels; the ratio is that of the heights. */
  readonly disc: number;
  readonly cup: number;
  readonly verticalRatio: number;
  /** Root of the areas' ratio: the mean of the ratios over all directions, for similar ellipses. */
  readonly ratio: number;
}

/** @returns the size of disc (classes 1 and 2) and cup (2) of every eye of a set */
export function eyeSizes({ masks, count, height, width }: SliceSet): EyeSize[] {
  return Array.from({ length: count }, (_, eye) => {
    const classes = masks.subarray(eye * height * width, (eye + 1) * height * width);
    const [disc, cup] = [1, 2].map((least) => ({
      area: classes.reduce((area, value) => area + (value >= least ? 1 : 0), 0),
      height: Array.from({ length: height }, (_, row) => classes.subarray(row * width, (row + 1) * width)).filter(
        (row) => row.some((value) => value >= least),
      ).length,
    }));
    return {
      disc: disc.height,
      cup: cup.height,
      verticalRatio: cup.height / disc.height,
      ratio: Math.sqrt(cup.area / disc.area),
    };
  });
}

/** Compares the masks of one site, read from its files, with the eyes and the field of view that were asked for. */
export function measureFundusMasks(site: FundusSite, data: SiteData): Measurement[] {
  const { eye, cameras } = fundusPhantomConfig();
  const { glaucoma, cropMillimetres } = cameras[site.name];
  const set = allSlices(data);
  const sizes = eyeSizes(set);
  const pixel = cropMillimetres / set.height;
  const row = (property: string, unit: string, asked: number, values: readonly number[], slack: number) => {
    // Three standard errors of a mean, and what pixels that are in or out add.
    const tolerance = (3 * deviation(values)) / Math.sqrt(values.length) + slack;
    return compared({ site: site.name, property, unit, asked, measured: mean(values), tolerance });
  };
  const ratio = glaucoma * eye.cupRatioGlaucoma.mean + (1 - glaucoma) * eye.cupRatioNormal.mean;
  return [
    row(
      "disc, height, mean",
      "mm",
      eye.discHorizontal.mean * eye.discElongation.mean,
      sizes.map(({ disc }) => disc * pixel),
      0.5 * pixel,
    ),
    row(
      "cup to disc, mean",
      "ratio",
      ratio,
      sizes.map(({ ratio: each }) => each),
      0.02,
    ),
    row(
      "cup to disc, height, mean",
      "ratio",
      ratio * Math.sqrt(eye.cupElongation.mean),
      sizes.map(({ verticalRatio }) => verticalRatio),
      0.03,
    ),
  ];
}
