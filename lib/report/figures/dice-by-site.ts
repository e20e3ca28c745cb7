import type { VegaLiteSpec } from "../figure";
import type { MethodCase } from "../cases";

/** Every case as a point and every method's mean as a bar mark, one row of panels for each site: spread before averages. */
export function diceBySite(cases: readonly MethodCase[], title: string): VegaLiteSpec {
  const sites = new Set(cases.map(({ site }) => site)).size;
  return {
    title,
    description: "Dice of every case (points) and the mean of each method (bars), a panel for each site.",
    data: { values: cases.map(({ method, site, dice, id }) => ({ method, site, dice, case: id })) },
    facet: { column: { field: "site", type: "nominal", title: null, header: { labelFontWeight: "bold" } } },
    spec: {
      width: Math.floor(560 / sites),
      height: 220,
      encoding: {
        x: { field: "method", type: "nominal", title: null, sort: null, axis: { labelAngle: -40 } },
        color: { field: "method", type: "nominal", sort: null, title: null, legend: null },
      },
      layer: [
        {
          mark: { type: "point", filled: true, size: 28, opacity: 0.55 },
          encoding: { y: { field: "dice", type: "quantitative", title: "Dice of each case", scale: { zero: false } } },
        },
        {
          mark: { type: "tick", thickness: 3, width: 22 },
          encoding: { y: { field: "dice", type: "quantitative", aggregate: "mean" } },
        },
      ],
    },
  };
}
