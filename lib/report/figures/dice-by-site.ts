import type { VegaLiteSpec } from "../figure";
import type { MethodCase } from "../cases";

/** Every case as a point and every method's mean as a bar mark, a panel for each site: spread before averages. */
export function diceBySite(cases: readonly MethodCase[], title: string): VegaLiteSpec {
  const sites = new Set(cases.map(({ site }) => site)).size;
  const dice = { field: "dice", type: "quantitative" };
  return {
    title,
    description: "Dice of every case (points) and the mean of each method (bars), a panel for each site.",
    data: { values: cases.map(({ method, site, dice, id }) => ({ method, site, dice, case: id })) },
    facet: { column: { field: "site", type: "nominal", title: null, sort: null, header: { labelFontWeight: "bold" } } },
    spec: {
      width: Math.max(60, Math.floor(600 / sites) - 15),
      height: { step: 20 },
      encoding: {
        y: { field: "method", type: "nominal", title: null, sort: null },
        color: { field: "method", type: "nominal", sort: null, title: null, legend: null },
        tooltip: [{ field: "method" }, { field: "site" }, { field: "case" }, { field: "dice", format: ".3f" }],
      },
      layer: [
        {
          mark: { type: "point", filled: true, size: 28, opacity: 0.55 },
          encoding: { x: { ...dice, title: "Dice", scale: { zero: false }, axis: { tickCount: 3 } } },
        },
        {
          mark: { type: "tick", thickness: 3, height: 16 },
          encoding: { x: { ...dice, aggregate: "mean" }, tooltip: null },
        },
      ],
    },
  };
}
