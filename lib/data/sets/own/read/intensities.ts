import { percentile } from "../../../../core/percentile";
import { moments } from "../../../set/prepared";
import type { OwnRules } from "../../../task/own-schema";

export type Normalisation = OwnRules["normalisation"];

/** Values, cut as a rule says, with what is taken off and divided by when the network sees them. */
interface Intensities {
  readonly values: Float32Array;
  readonly mean: number;
  readonly deviation: number;
}

/** @param values of the whole image of a case @throws WorkbenchError naming the case when all of them are equal */
export function intensitiesBy(rule: Normalisation, values: Float32Array, name: string): Intensities {
  const asTheyAre = moments(values, name);
  if (rule === "z-score") return { values, ...asTheyAre };
  if ("window" in rule) {
    const [low, high] = rule.window;
    return { values: cut(values, low, high), mean: (low + high) / 2, deviation: (high - low) / 2 };
  }
  const [low, high] = rule.percentiles.map((each) => percentile(values, each / 100));
  const within = cut(values, low, high);
  return { values: within, ...moments(within, `${name}, between the percentiles ${rule.percentiles.join(" and ")}`) };
}

const cut = (values: Float32Array, low: number, high: number) =>
  values.map((value) => Math.min(high, Math.max(low, value)));
