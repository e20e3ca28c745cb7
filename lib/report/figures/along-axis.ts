import type { AblationAxis } from "../ablation";
import type { VegaLiteSpec } from "../figure";

/** Mean test Dice of each method along an axis, with its 95 % interval. */
export function alongAxis({ name, points }: AblationAxis): VegaLiteSpec {
  const values = points
    .filter(({ dice }) => !Number.isNaN(dice))
    .map(({ method, value, dice, low, high }) =>
      Number.isNaN(low) ? { method, value, dice } : { method, value, dice, low, high },
    );
  const places = [...new Set(values.map(({ value }) => value))].filter((value) => typeof value === "number");
  // A tick for each place; of those that are too close, alpha 0.99 and 1, one has its number.
  const axis = { values: places, labelExpr: "datum.value", labelFlush: false, labelOverlap: "greedy" };
  const x = { field: "value", type: "quantitative", title: name, scale: { zero: false }, axis };
  const scale = { zero: false };
  const methods = [...new Set(values.map(({ method }) => method))];
  return {
    title: `Dice along ${name}`,
    description: `Mean test Dice along ${name}, a line for each method; bars: 95 % intervals.`,
    data: { values },
    width: 360,
    height: 220,
    encoding: { x, color: { field: "method", type: "nominal", sort: null, title: null } },
    layer: [
      {
        mark: { type: "line", point: true },
        encoding: { y: { field: "dice", type: "quantitative", title: "Dice", scale } },
      },
      // Side by side, so that none hides another's end; the points stay where they are.
      ...methods.map((method, index) => ({
        transform: [{ filter: { field: "method", equal: method } }, { filter: "isValid(datum.low)" }],
        mark: { type: "rule", opacity: 0.6, xOffset: 4 * (index - (methods.length - 1) / 2) },
        encoding: { y: { field: "low", type: "quantitative", title: "Dice", scale }, y2: { field: "high" } },
      })),
    ],
  };
}
