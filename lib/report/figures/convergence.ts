import type { FederationRecord } from "../../records/schema";
import type { VegaLiteSpec } from "../figure";

/** Validation Dice after each round, mean over clients and seeds, of the model that each method keeps for a client. */
export function convergence(records: readonly FederationRecord[]): VegaLiteSpec {
  const values = records.flatMap(({ method, seed, sites, rounds }) =>
    rounds.flatMap(({ round, personalDice }) =>
      sites.map((site, index) => ({ method, seed, site, round, dice: personalDice[index] })),
    ),
  );
  return {
    title: "Validation Dice after each round",
    data: { values },
    width: 560,
    height: 260,
    encoding: {
      x: { field: "round", type: "quantitative", title: "communication round", axis: { tickMinStep: 1 } },
      color: {
        field: "method",
        type: "nominal",
        sort: null,
        title: null,
        legend: { symbolOpacity: 1, symbolStrokeWidth: 2.5 },
      },
    },
    layer: [
      {
        mark: { type: "line", opacity: 0.18, strokeWidth: 1 },
        encoding: { y: { field: "dice", type: "quantitative" }, detail: [{ field: "site" }, { field: "seed" }] },
      },
      {
        mark: { type: "line", strokeWidth: 2.5 },
        encoding: {
          y: {
            field: "dice",
            type: "quantitative",
            aggregate: "mean",
            title: "Dice (thin: each client, thick: mean)",
            scale: { zero: false },
          },
        },
      },
    ],
  };
}
