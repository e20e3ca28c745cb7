import type { VegaLiteSpec } from "../report/figure";
import type { GrowthResult } from "./growth-result";

const powersOfTwo = Array.from({ length: 13 }, (_, index) => 2 ** (index - 5));

/** Time against every size, both as multiples of the smallest, with a legend that tells the exponents. */
export function growthFigure(results: readonly GrowthResult[]): VegaLiteSpec {
  const values = results.flatMap(({ over, sizes, milliseconds, exponent }) =>
    sizes.map((size, index) => ({
      series: `${over}: ${exponent.toFixed(2)}`,
      size: size / sizes[0],
      time: milliseconds[index] / milliseconds[0],
      from: `${size} ${over}`,
    })),
  );
  const [largest, longest] = [Math.max(...values.map(({ size }) => size)), Math.max(...values.map(({ time }) => time))];
  // Steep lines end where the times do.
  const end = (power: number) => (power > 0 ? Math.min(largest, longest ** (1 / power)) : largest);
  const lines = [-1, 0, 1, 2].flatMap((power) => [1, end(power)].map((size) => ({ power, size, time: size ** power })));
  const log = (title: string) => ({
    type: "quantitative",
    title,
    scale: { type: "log", base: 2 },
    axis: { format: "~g", values: powersOfTwo },
  });
  return {
    title: { text: "How time grows with the size of the work", subtitle: "grey: exponents -1, 0, 1 and 2" },
    width: 520,
    height: 340,
    layer: [
      {
        data: { values: lines },
        mark: { type: "line", strokeDash: [3, 3], strokeWidth: 1, color: "#8a8a8a" },
        encoding: {
          x: { field: "size", ...log("size, as a multiple of the smallest") },
          y: { field: "time", ...log("time, as a multiple of the smallest") },
          detail: { field: "power" },
        },
      },
      {
        data: { values },
        mark: { type: "line", point: { size: 45, filled: true }, strokeWidth: 2 },
        encoding: {
          x: { field: "size", type: "quantitative" },
          y: { field: "time", type: "quantitative" },
          color: { field: "series", type: "nominal", sort: null, title: "exponent over" },
          tooltip: [{ field: "from" }, { field: "time", format: ".2f" }],
        },
      },
    ],
  };
}
