import type { FederationRecord } from "../../records/schema";
import { labelOf } from "../cases";
import type { VegaLiteSpec } from "../figure";

/** Validation Dice of whichever client is served worst after each round, a line for each method: the mean over seeds. */
export function worstClient(records: readonly FederationRecord[]): VegaLiteSpec {
  const values = records
    .filter(({ diverged }) => diverged === undefined)
    .flatMap((record) =>
      record.rounds.map(({ round, personalDice }) => ({
        method: labelOf(record),
        seed: record.seed,
        round,
        dice: Math.min(...personalDice),
      })),
    );
  return {
    title: "The client that is served worst",
    description: "Validation Dice of the client with the lowest after each round; means over seeds.",
    data: { values },
    width: 560,
    height: 260,
    encoding: {
      x: { field: "round", type: "quantitative", title: "communication round", axis: { tickMinStep: 1, format: "d" } },
      y: {
        field: "dice",
        type: "quantitative",
        aggregate: "mean",
        title: "lowest Dice of a client",
        scale: { zero: false },
      },
      color: { field: "method", type: "nominal", sort: null, title: null },
    },
    mark: { type: "line" },
  };
}
