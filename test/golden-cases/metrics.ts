import { volumetricDice } from "../../lib/metrics/dice";
import { percentile } from "../../lib/core/percentile";
import { hausdorff95, meanSurfaceDistance, scoreMasks } from "../../lib/metrics/score";
import { surfaceDistances } from "../../lib/metrics/surface";
import type { GoldenCase, GoldenCheck } from "./golden-case";

type Values = { readonly spacing: readonly number[] } & Readonly<Record<string, unknown>>;

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b), 0);

/** Every mask pair against medpy's definitions; distances to 1e-9 of their size (float64 on both sides). */
export const check: GoldenCheck = {
  name: "metrics",
  engine: false,
  run(golden) {
    for (const [name, values] of Object.entries(golden.json.values as Record<string, Values>))
      checkPair(golden, name, values);
  },
};

function checkPair(golden: GoldenCase, name: string, values: Values): void {
  const [a, b] = ["a", "b"].map((mask) => golden.tensor(`${name}/${mask}`));
  const [maskA, maskB] = [a.data as Uint8Array, b.data as Uint8Array];
  const compare = (field: string, got: number) => {
    const want = values[field];
    if (typeof want !== "number") throw new Error(`metrics.json: ${name} has no number ${field}`);
    golden.compareWithin(`${name} ${field}`, [got], [want], 1e-9 * Math.max(1, Math.abs(want)));
  };
  const dice = volumetricDice(maskA, maskB);
  const distances = surfaceDistances(maskA, maskB, a.shape, values.spacing);
  if (!distances) {
    // The stated rule: two empty masks agree (as in medpy since 0.5), and there are no distances where medpy raises an error.
    compare("dice_medpy_0.5.x", dice);
    if (!maskA.some(Boolean) !== !maskB.some(Boolean)) compare("dice_medpy_0.4.0", dice);
    const shape = [1, a.shape[0], a.shape[1]] as const;
    const scores = scoreMasks(maskA, maskB, shape, [1, 1, 1]);
    for (const [field, got] of [
      ["hd95", scores.hd95],
      ["assd", scores.assd],
    ] as const) {
      const raises = String(values[field]).startsWith("RuntimeError");
      golden.compareWithin(`${name} ${field} undefined`, [Number(got === null)], [Number(raises)], 0);
    }
    return;
  }
  compare("dice", dice);
  compare("hd95", hausdorff95(distances));
  compare("hd", Math.max(largest(distances.aToB), largest(distances.bToA)));
  compare("asd_ab", mean(distances.aToB));
  compare("asd_ba", mean(distances.bToA));
  compare("assd_mean_of_means", (mean(distances.aToB) + mean(distances.bToA)) / 2);
  compare("assd_pooled", meanSurfaceDistance(distances));
  compare("hd95_max_of_directed", Math.max(percentile(distances.aToB, 0.95), percentile(distances.bToA, 0.95)));
  compare("n_surface_a", distances.aToB.length);
  compare("n_surface_b", distances.bToA.length);
}
