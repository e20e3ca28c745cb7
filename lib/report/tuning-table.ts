import type { Tuned } from "../records/tuned";
import type { Cell, ResultTable } from "./table";

const textOf = (params: Readonly<Record<string, unknown>>) =>
  Object.entries(params)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");

/** What validation chose, and every point of the grids that it chose from. */
export function tuningTable({ task, profile, seed, rounds, methods }: Tuned): ResultTable {
  const points = Math.max(0, ...Object.values(methods).map(({ grid }) => grid.length));
  return {
    title: `Free parameters of ${task}, profile ${profile}, as validation chose them`,
    note: `mean validation Dice, clients counting the same, of one run of ${rounds} rounds with seed ${seed}, which no table reports; test cases were out of reach; grids and their sources: configs/tuning.yaml`,
    columns: ["chosen", ...Array.from({ length: points }, (_, index) => `point ${index + 1}`)],
    rows: Object.entries(methods).map(([label, { chosen, grid }]) => ({
      label,
      cells: [
        { value: undefined, digits: 0, notes: [textOf(chosen)] },
        ...grid.map(({ params, dice }): Cell => ({
          value: dice ?? undefined,
          digits: 4,
          notes: dice === null ? [`diverged: ${textOf(params)}`] : [textOf(params)],
        })),
      ],
    })),
  };
}
