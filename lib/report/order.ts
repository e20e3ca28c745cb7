import { createRandom } from "../core/random";
import { rankStability, type RankStability } from "../stats/rank-stability";
import { caseKey, groupBy, strataOf, type CaseValue } from "./strata";
import type { Cell } from "./table";

/** The Dice of a method on a case and seed that every method has, and its rank there. */
export interface Ranked extends CaseValue {
  readonly method: string;
  readonly dice: number;
}

type Place = RankStability["places"][number];

/** The order of methods by mean Dice, and how it would come out, were other cases and seeds drawn. */
export interface Order extends Omit<RankStability, "places"> {
  /** By method. */
  readonly places: ReadonlyMap<string, Place>;
}

/** @returns nothing of fewer than two methods */
export function orderOf(ranked: readonly Ranked[]): Order | undefined {
  const methods = groupBy(ranked, ({ method }) => method);
  if (methods.length < 2) return undefined;
  // In one order for all, so that a draw means the same case and seed for each.
  const things = methods.map((of) =>
    strataOf(
      of
        .map(({ site, id, seed, dice }) => ({ key: caseKey({ site, id, seed }), site, id, seed, value: dice }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    ),
  );
  const { places, ...stability } = rankStability(things, createRandom("report"));
  return { ...stability, places: new Map(methods.map(([{ method }], index) => [method, places[index]])) };
}

export function placeCell(found: Place | undefined): Cell {
  if (!found) return { value: undefined, digits: 0 };
  const { place, low, high } = found;
  return { value: place, digits: Number.isInteger(place) ? 0 : 1, interval: [low, high] };
}

export const orderRemark = ({ tau, low, high }: Order): string =>
  `how sure the order is: were other cases and seeds drawn, Kendall's tau with it would be ${tau.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}] (1: the same order, 0: any order)`;
