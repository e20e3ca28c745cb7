import type { AblationAxis } from "../ablation";
import type { VegaLiteSpec } from "../figure";

/** Mean test Dice of each method along an axis, with its 95 % interval. */
export function alongAxis({ name, points }: AblationAxis): VegaLiteSpec {
  const values = points
    .filter(({ dice }) => !Number.isNaN(dice))
    .map(({ method, value, dice, low, high }) =>
      Number.isNaN(low) ? { method, value, dice } : { method, value, dice, low, high },
    );
  const x = { field: "value", type: "quantitative", title: name, scale: { zero: false } };
  const scale = { zero: false };
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
      {
        transform: [{ filter: "isValid(datum.low)" }],
        mark: { type: "rule", opacity: 0.6 },
        encoding: { y: { field: "low", type: "quantitative", title: "Dice", scale }, y2: { field: "high" } },
      },
    ],
  };
}
