import { mean } from "../core/mean";
import type { AdaptationRecord } from "../records/schema";
import type { VegaLiteSpec } from "../report/figure";

/** What the Dice of a held-out site was after a pass over its images; pass 0 is before anything was learnt. */
export interface PassPoint {
  readonly method: string;
  readonly heldOut: string;
  readonly pass: number;
  /** Mean over the site's cases and over seeds, 0 to 1. */
  readonly dice: number;
  /** Mean entropy of its predictions before each step of the pass, 0 (certain) to 1, where the method records that. */
  readonly entropy?: number;
}

/**
 * @param before adaptations of the same method that learnt nothing: their last pass is pass 0
 * @returns a point for each method, held-out site and pass
 */
export function passPoints(
  adaptations: readonly AdaptationRecord[],
  before: readonly AdaptationRecord[] = [],
): readonly PassPoint[] {
  const runs = [
    ...before.flatMap((record) =>
      pointsOf(record)
        .slice(-1)
        .map((point) => ({ ...point, pass: 0 })),
    ),
    ...adaptations.flatMap(pointsOf),
  ];
  const groups = new Map<string, PassPoint[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.method, run.heldOut, run.pass]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return Array.from(groups.values(), (seeds) => ({
    ...seeds[0],
    dice: mean(seeds.map(({ dice }) => dice)),
    ...(seeds[0].entropy === undefined ? {} : { entropy: mean(seeds.map(({ entropy = NaN }) => entropy)) }),
  }));
}

/** Of one run, pass by pass; as far as it came, where it diverged. */
function pointsOf({ method, heldOut, epochs }: AdaptationRecord): PassPoint[] {
  return epochs.map(({ epoch, cases, telemetry }) => {
    const entropy = telemetry["loss/entropy"];
    const point = { method, heldOut, pass: epoch, dice: mean(cases.map(({ dice }) => dice)) };
    return entropy ? { ...point, entropy: mean(entropy) } : point;
  });
}

/** Dice pass by pass, a panel for each held-out site: lines of methods that learn, and a dashed level for the one that does not. */
export function passCurves(points: readonly PassPoint[], still: string, title: string): VegaLiteSpec {
  const x = { field: "pass", type: "quantitative", title: "pass", axis: { tickMinStep: 1, format: "d" } };
  const y = { field: "dice", type: "quantitative", title: "Dice", scale: { zero: false } };
  const colour = { field: "method", type: "nominal", title: null, sort: null, legend: { orient: "top" } };
  return {
    title: { text: title, subtitle: `0: before anything is learnt; dashed: ${still}, which learns nothing` },
    description: `Mean Dice of each held-out site after each pass; the dashed level is ${still}, which learns nothing.`,
    data: { values: points },
    facet: { field: "heldOut", type: "nominal", title: null, sort: null, header: { labelFontWeight: "bold" } },
    columns: 3,
    spec: {
      width: 190,
      height: 140,
      layer: [
        {
          transform: [{ filter: { field: "method", equal: still } }],
          mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 2 },
          encoding: { y: { ...y, aggregate: "mean" }, color: colour },
        },
        {
          transform: [{ filter: { not: { field: "method", equal: still } } }],
          mark: { type: "line", point: { size: 40 } },
          encoding: {
            x,
            y,
            color: colour,
            tooltip: [{ field: "heldOut" }, { field: "pass" }, { field: "dice", format: ".3f" }],
          },
        },
      ],
    },
  };
}
