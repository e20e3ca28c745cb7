import type { FederationRecord } from "../../records/schema";
import { labelOf } from "../cases";
import type { VegaLiteSpec } from "../figure";

/**
 * Validation Dice after each round, of the model that each method keeps for a client: each client, and the mean over clients and seeds.
 * Runs that diverged are drawn as far as they came, and have no part in the mean: it would be over others from there on.
 */
export function convergence(records: readonly FederationRecord[]): VegaLiteSpec {
  const values = records.flatMap((record) => {
    const { seed, sites, rounds, diverged } = record;
    const run = { method: labelOf(record), seed, finished: diverged === undefined };
    return rounds.flatMap(({ round, personalDice }) =>
      sites.flatMap((site, index) =>
        index < personalDice.length ? [{ ...run, site, round, dice: personalDice[index] }] : [],
      ),
    );
  });
  return {
    title: "Validation Dice after each round",
    description:
      "Validation Dice after each communication round. Thin: each client and seed. Thick: their mean, runs that diverged left out.",
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
        transform: [{ filter: "datum.finished" }],
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
