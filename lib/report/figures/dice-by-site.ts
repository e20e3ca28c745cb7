import { mean } from "../../core/mean";
import { percentile } from "../../core/percentile";
import type { MethodCase } from "../cases";
import type { VegaLiteSpec } from "../figure";
import { groupBy } from "../strata";

/** Points that can still be told apart, and that a page can hold. */
const mostPoints = 2000;
const colour = { field: "method", type: "nominal", sort: null, title: null, legend: null };
const dice = { field: "dice", type: "quantitative" };
const scale = { scale: { zero: false }, axis: { tickCount: 3 } };

/**
 * Every case as a point and every method's mean as a bar mark, a panel for each site: spread before averages. Of more points than can be
 * told apart their quantiles.
 */
export function diceBySite(cases: readonly MethodCase[], title: string): VegaLiteSpec {
  const sites = new Set(cases.map(({ site }) => site)).size;
  const { values, description, layer } = cases.length > mostPoints ? quantiles(cases) : points(cases);
  return {
    title,
    description,
    data: { values },
    facet: { column: { field: "site", type: "nominal", title: null, sort: null, header: { labelFontWeight: "bold" } } },
    spec: {
      width: Math.max(60, Math.floor(600 / sites) - 15),
      height: { step: 20 },
      encoding: { y: { field: "method", type: "nominal", title: null, sort: null }, color: colour },
      layer,
    },
  };
}

interface Drawn {
  readonly values: readonly object[];
  readonly description: string;
  readonly layer: readonly object[];
}

function points(cases: readonly MethodCase[]): Drawn {
  const tooltip = [{ field: "method" }, { field: "site" }, { field: "case" }, { field: "dice", format: ".3f" }];
  return {
    values: cases.map(({ method, site, dice, id }) => ({ method, site, dice, case: id })),
    description: "Dice of every case (points) and the mean of each method (bars), a panel for each site.",
    layer: [
      {
        mark: { type: "point", filled: true, size: 28, opacity: 0.55 },
        encoding: { x: { ...dice, title: "Dice", ...scale }, tooltip },
      },
      { mark: { type: "tick", thickness: 3, height: 16 }, encoding: { x: { ...dice, aggregate: "mean" } } },
    ],
  };
}

const shown = { low: 0.05, quarter: 0.25, threeQuarters: 0.75, high: 0.95 } as const;

function quantiles(cases: readonly MethodCase[]): Drawn {
  const between = (from: string, to: string, strokeWidth: number, opacity: number) => ({
    mark: { type: "rule", strokeWidth, opacity },
    encoding: { x: { field: from, type: "quantitative", title: "Dice", ...scale }, x2: { field: to } },
  });
  return {
    values: groupBy(cases, ({ method, site }) => JSON.stringify([method, site])).map((of) => {
      const [{ method, site }] = of;
      const scores = of.map((each) => each.dice);
      const at = Object.entries(shown).map(([name, share]) => [name, percentile(scores, share)]);
      return { method, site, dice: mean(scores), ...Object.fromEntries(at) };
    }),
    description:
      "Dice of the cases, a panel for each site: thin from the 5th to the 95th percentile, thick the middle half, the mean of each method as a bar. Every case would be too many points.",
    layer: [
      between("low", "high", 1.5, 0.7),
      between("quarter", "threeQuarters", 6, 0.5),
      { mark: { type: "tick", thickness: 3, height: 16 }, encoding: { x: dice } },
    ],
  };
}
