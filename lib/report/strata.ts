/** A number of one case and one seed: a score, or a difference of two. */
export interface CaseValue {
  readonly site: string;
  readonly id: string;
  readonly seed: number;
  readonly value: number;
}

/**
 * Sorts values for the bootstrap: sites that have any, their cases, and of each case one value for every seed that occurs.
 * @returns `[site][case][seed]`, `undefined` where a case lacks a seed
 */
export function strataOf(values: readonly CaseValue[]): (number | undefined)[][][] {
  const seeds = distinct(values.map(({ seed }) => seed)).sort((a, b) => a - b);
  return groupBy(values, ({ site }) => site).map((here) =>
    groupBy(here, ({ id }) => id).map((of) => seeds.map((seed) => of.find((each) => each.seed === seed)?.value)),
  );
}

/** @returns the different values, in the order in which they first occur */
export function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

/** @returns the items of each key together, keys in the order in which they first occur */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}
