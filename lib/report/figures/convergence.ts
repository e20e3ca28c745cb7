import type { FederationRecord } from "../../records/schema";
import { labelOf } from "../cases";
import type { VegaLiteSpec } from "../figure";
import { categoryColours } from "../palette";
import { distinct } from "../strata";

/** Rounds drawn of each run: of more, every so many and the last. A line has no more points than pixels to show them, least in a small panel. */
const mostRounds = { one: 50, panel: 25 };

/**
 * Validation Dice after each round, of the model that each method keeps for a client: each client, and the mean over clients and seeds.
 * Runs that diverged are drawn as far as they came, and have no part in the mean: it would be over others from there on.
 */
export function convergence(records: readonly FederationRecord[]): VegaLiteSpec {
  // Of more methods than there are colours no two lines in one panel could be told apart.
  const methods = distinct(records.map(labelOf));
  const panels = methods.length > categoryColours.length;
  const values = records.flatMap((record) => {
    const { seed, sites, rounds, diverged } = record;
    const run = { method: labelOf(record), seed, finished: diverged === undefined };
    const step = Math.ceil(rounds.length / mostRounds[panels ? "panel" : "one"]);
    const drawn = rounds.filter((_, index) => index % step === 0 || index === rounds.length - 1);
    return drawn.flatMap(({ round, personalDice }) =>
      sites.flatMap((site, index) =>
        index < personalDice.length ? [{ ...run, site, round, dice: personalDice[index] }] : [],
      ),
    );
  });
  const title = "Validation Dice after each round";
  const described = { title, description, data: { values } };
  if (!panels)
    return {
      ...described,
      width: 560,
      height: 260,
      ...lines("communication round", "Dice (thin: each client, thick: mean)"),
    };
  return { ...described, ...methodPanels(methods, lines("round", "Dice", false)) };
}

/** A small panel for each of many methods. @param each what a panel shows */
export const methodPanels = (methods: readonly string[], each: VegaLiteSpec): VegaLiteSpec => ({
  facet: { field: "method", type: "nominal", title: null, sort: methods, header: { labelFontWeight: "bold" } },
  columns: 5,
  spec: { width: 105, height: 80, ...each },
});

const description =
  "Validation Dice after each communication round. Thin: each client and seed. Thick: their mean, runs that diverged left out. Of many rounds every second, third and so on is drawn, and the last.";

function lines(roundTitle: string, diceTitle: string, legends = true): Pick<VegaLiteSpec, "encoding" | "layer"> {
  const dice = { field: "dice", type: "quantitative" };
  const legend = legends ? { symbolOpacity: 1, symbolStrokeWidth: 2.5 } : null;
  return {
    encoding: {
      x: { field: "round", type: "quantitative", title: roundTitle, axis: { tickMinStep: 1, format: "d" } },
      color: { field: "method", type: "nominal", sort: null, title: null, legend },
    },
    layer: [
      {
        mark: { type: "line", opacity: 0.18, strokeWidth: 1 },
        encoding: { y: dice, detail: [{ field: "site" }, { field: "seed" }] },
      },
      {
        transform: [{ filter: "datum.finished" }],
        mark: { type: "line", strokeWidth: 2.5 },
        encoding: { y: { ...dice, aggregate: "mean", title: diceTitle, scale: { zero: false } } },
      },
    ],
  };
}
