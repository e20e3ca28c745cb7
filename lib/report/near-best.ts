import type { MethodCase } from "./cases";
import { testMethods } from "./compare-methods";
import type { MethodRow } from "./score-column";
import type { Cell } from "./table";

/** What counts as significant. */
const level = 0.05;

/**
 * Marks the means that are not significantly worse than the best of their column: by Wilcoxon's signed-rank test over the cases of both,
 * Holm over all methods. With few cases nothing is significant, and then nothing is told apart: so it is marked.
 * @param cells of a column in which all sites have a part, one for each method
 */
export function nearBest(cells: readonly Cell[], methods: readonly MethodRow[], cases: readonly MethodCase[]): Cell[] {
  const best = cells.findIndex((cell) => cell.best);
  if (best < 0) return [...cells];
  const tested = testMethods(cases, methods[best].label);
  const isNear = (label: string) => (tested.get(label) ?? 0) >= level;
  return cells.map((cell, index) => (!cell.best && isNear(methods[index].label) ? { ...cell, near: true } : cell));
}
