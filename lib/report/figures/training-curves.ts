import type { VegaLiteSpec } from "../figure";

/** A site's validation Dice after one round of one federation. */
export interface TrainingPoint {
  readonly job: string;
  readonly site: string;
  readonly round: number;
  readonly dice: number;
}

const columns = 3;
/** Rounds drawn of each federation: of more, every so many. */
const maxRounds = 150;

/** Curves per site while federations train, a panel for each federation: the mean (black) hides a site that is left behind. */
export function trainingCurves(points: readonly TrainingPoint[], title: string): VegaLiteSpec {
  const panels = new Set(points.map(({ job }) => job)).size;
  const last = points.reduce((largest, { round }) => Math.max(largest, round), 0);
  const step = Math.ceil(last / maxRounds);
  const x = { field: "round", type: "quantitative", title: "round", axis: { tickMinStep: 1, format: "d" } };
  const y = { field: "dice", type: "quantitative", title: "Dice (dashed: mean)", scale: { domain: [0, 1] } };
  return {
    title,
    data: { values: points.filter(({ round }) => round % step === 0 || round === last) },
    facet: { field: "job", type: "nominal", title: null, sort: null, header: { labelFontWeight: "bold" } },
    columns: Math.min(columns, panels),
    spec: {
      width: panels === 1 ? 480 : panels === 2 ? 270 : 190,
      height: panels <= 2 ? 200 : 130,
      encoding: { x },
      layer: [
        {
          mark: { type: "line", strokeWidth: 1.5, point: { size: 18 } },
          encoding: {
            y,
            color: { field: "site", type: "nominal", title: null, sort: null },
            tooltip: [{ field: "site" }, { field: "round" }, { field: "dice", format: ".3f" }],
          },
        },
        {
          mark: { type: "line", strokeWidth: 2.5, color: "#000000", strokeDash: [6, 3] },
          encoding: { y: { ...y, aggregate: "mean" } },
        },
      ],
    },
  };
}
