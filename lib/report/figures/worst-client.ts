import type { FederationRecord } from "../../records/schema";
import { labelOf } from "../cases";
import type { VegaLiteSpec } from "../figure";
import { categoryColours } from "../palette";
import { distinct } from "../strata";
import { methodPanels } from "./convergence";

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
  const methods = distinct(values.map(({ method }) => method));
  const described = {
    title: "The client that is served worst",
    description: "Validation Dice of the client with the lowest after each round; means over seeds.",
    data: { values },
  };
  if (methods.length > categoryColours.length)
    return { ...described, ...methodPanels(methods, lines("round", "lowest Dice", null)) };
  return { ...described, width: 560, height: 260, ...lines("communication round", "lowest Dice of a client") };
}

/** @param legend null for none */
function lines(roundTitle: string, diceTitle: string, legend?: null): VegaLiteSpec {
  const color = { field: "method", type: "nominal", sort: null, title: null };
  return {
    encoding: {
      x: { field: "round", type: "quantitative", title: roundTitle, axis: { tickMinStep: 1, format: "d" } },
      y: { field: "dice", type: "quantitative", aggregate: "mean", title: diceTitle, scale: { zero: false } },
      color: legend === null ? { ...color, legend } : color,
    },
    mark: { type: "line" },
  };
}
