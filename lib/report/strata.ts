/** A number of one case and one seed: a score, or a difference of two. */
export interface CaseValue {
  readonly site: string;
  readonly id: string;
  readonly seed: number;
  readonly value: number;
}

/** @returns what tells a case and seed from every other, whatever its names are made of */
export const caseKey = ({ site, id, seed }: Omit<CaseValue, "value">): string => `${site.length} ${site}${seed} ${id}`;

/** @returns whether two lists are of the same cases and seeds, in the same order: as methods of one experiment mostly are, and told without a key each */
export const ofSameCases = (a: readonly Omit<CaseValue, "value">[], b: readonly Omit<CaseValue, "value">[]): boolean =>
  a.length === b.length &&
  a.every(({ site, id, seed }, index) => site === b[index].site && id === b[index].id && seed === b[index].seed);

/**
 * Sorts values for the bootstrap: sites that have any, their cases, and of each case one value for every seed that occurs.
 * @returns `[site][case][seed]`, `undefined` where a case lacks a seed
 */
export function strataOf(values: readonly CaseValue[]): (number | undefined)[][][] {
  const seeds = distinct(values.map(({ seed }) => seed)).sort((a, b) => a - b);
  const places = new Map(seeds.map((seed, place) => [seed, place]));
  return groupBy(values, ({ site }) => site).map((here) =>
    groupBy(here, ({ id }) => id).map((of) => {
      const row = new Array<number | undefined>(seeds.length).fill(undefined);
      // Of several values of one seed the first, as ever.
      for (const { seed, value } of of) row[places.get(seed) as number] ??= value;
      return row;
    }),
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
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
