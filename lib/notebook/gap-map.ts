import type { Bundle } from "./bundle";
import { plotly } from "./plotly";

/** The distance between two sites: see `Dataset.gap`. */
interface Gap {
  readonly a: string;
  readonly b: string;
  readonly distance: number;
}

/**
 * A heat map of the distances between all pairs of sites, in standard deviations: hover over a field to read it; the still has the
 * numbers written in.
 */
export function gapMap(gaps: readonly Gap[], title: string): Promise<Bundle> {
  const sites = [...new Set(gaps.map(({ a }) => a))];
  const rows = sites.map((a) => sites.map((b) => gaps.find((pair) => pair.a === a && pair.b === b)?.distance ?? NaN));
  // Dark fields have white numbers.
  const bright = 0.4 * Math.max(...gaps.map(({ distance }) => distance));
  const axis = { type: "nominal", sort: null, title: null };
  const text = { type: "text", fontSize: 12 };
  const colour = { field: "distance", type: "quantitative", title: "distance", scale: { scheme: "viridis" } };
  return plotly(
    {
      data: [
        {
          type: "heatmap",
          x: sites,
          y: sites,
          z: rows,
          colorscale: "Viridis",
          colorbar: { title: { text: "distance" } },
        },
      ],
      layout: { title: { text: title }, width: 620, height: 520, yaxis: { autorange: "reversed" } },
    },
    {
      still: {
        title,
        data: { values: [...gaps] },
        width: 60 * sites.length,
        height: 60 * sites.length,
        encoding: { x: { field: "a", ...axis }, y: { field: "b", ...axis } },
        layer: [
          { mark: "rect", encoding: { color: colour } },
          {
            mark: text,
            encoding: {
              text: { field: "distance", format: ".2f" },
              color: { condition: { test: `datum.distance > ${bright}`, value: "black" }, value: "white" },
            },
          },
        ],
      },
    },
  );
}
