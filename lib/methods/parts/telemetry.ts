/** Curves of what an adapter sees of itself, batch by batch, by name. */
export interface Curves {
  /** Adds one number to each curve. */
  add(values: Readonly<Record<string, number>>): void;
  /** @returns the curves so far; they begin anew */
  take(): Readonly<Record<string, readonly number[]>>;
}

/** @param names of all curves: one that nothing was added to is empty */
export function openCurves(names: readonly string[]): Curves {
  const none = () => Object.fromEntries(names.map((name) => [name, [] as number[]]));
  let curves = none();
  return {
    add(values) {
      for (const [name, value] of Object.entries(values)) curves[name].push(value);
    },
    take() {
      const taken = curves;
      curves = none();
      return taken;
    },
  };
}

/** @returns a step's losses as points of the curves `loss/<term>` */
export const asCurves = (losses: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(losses).map(([term, value]) => [`loss/${term}`, value]));
