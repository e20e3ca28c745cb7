import type { Json } from "../../core/hash";
import { ratioOf, valueOf } from "./ratio";

/** In place of a score that is the mean over the structures: with two structures that is a third of all numbers. */
const derived = "=";
const scores = ["dice", "officialDice", "hd95", "assd"] as const;

type Fields = Readonly<Record<string, Json | undefined>>;
export type Fresh = Record<string, Json | undefined>;

/** Leaves out of scored cases what is the very mean of their structures, and writes Dice as a ratio. @returns what `makeWhole` takes back */
export const slimCases = (cases: readonly Fields[]): readonly Fields[] =>
  cases.map((each) => withRatios(over({ ...each }, (value, expected) => (value === expected() ? derived : value))));

/**
 * The inverse, in place: a page has a hundred thousand cases.
 * @throws TypeError when a case has neither a score nor structures whose mean it could be, or a text that is no score
 */
export function makeWhole(cases: readonly Fresh[]): void {
  for (const each of cases) {
    asNumber(each);
    for (const one of Object.values((each.structures ?? {}) as Readonly<Record<string, Fresh>>)) asNumber(one);
    over(each, (value, expected) => (value === derived ? expected() : value));
  }
}

const asRatio = (value: Json | undefined) => (typeof value === "number" ? (ratioOf(value) ?? value) : value);
function asNumber(scored: Fresh): void {
  if (typeof scored.dice === "string" && scored.dice !== derived) scored.dice = valueOf(scored.dice);
}

/** Of the case and of each of its structures. */
function withRatios(scored: Fields): Fresh {
  const one: Fresh = { ...scored, dice: asRatio(scored.dice) };
  if (!scored.structures) return one;
  const structures = Object.entries(scored.structures as Readonly<Record<string, Fields>>).map(
    ([name, each]) => [name, withRatios(each)] as const,
  );
  one.structures = Object.fromEntries(structures) as Readonly<Record<string, Json>>;
  return one;
}

/** Changes the scores of a case in place. */
function over(scored: Fresh, take: (value: Json | undefined, expected: () => Json) => Json | undefined): Fresh {
  const structures = scored.structures as Readonly<Record<string, Fields>> | undefined;
  if (!structures) return scored;
  const names = sorted(Object.keys(structures));
  const all = names.map((name) => structures[name]);
  for (const name of scores) scored[name] = take(scored[name], () => meanOf(all, name));
  return scored;
}

/** Sums depend on their order: one that does not depend on how an object was made. Most are in it, and sorting costs more than looking. */
const sorted = (names: string[]): string[] =>
  names.every((name, index) => index === 0 || names[index - 1] < name) ? names : names.sort();

/** A distance that one structure lacks, their mean lacks too. */
function meanOf(structures: readonly Fields[], name: string): number | null {
  let total = 0;
  for (const each of structures) {
    const value = each[name];
    if (typeof value !== "number") return null;
    total += value;
  }
  return total / structures.length;
}
