import type { Json } from "../../core/hash";
import { mean } from "../../core/mean";

/** In place of a score that is the mean over the structures: with two structures that is a third of all numbers. */
const derived = "=";
const scores = ["dice", "officialDice", "hd95", "assd"] as const;

type Fields = Readonly<Record<string, Json | undefined>>;

/** Leaves out of scored cases what is the very mean of their structures. @returns what `wholeCases` takes back */
export const slimCases = (cases: readonly Fields[]): readonly Fields[] =>
  cases.map((each) => over(each, (value, expected) => (value === expected ? derived : value)));

/** @throws TypeError when a case has neither a score nor structures whose mean it could be */
export const wholeCases = (cases: readonly Fields[]): readonly Fields[] =>
  cases.map((each) => over(each, (value, expected) => (value === derived ? expected : value)));

function over(scored: Fields, take: (value: Json | undefined, expected: Json) => Json | undefined): Fields {
  const structures = scored.structures as Readonly<Record<string, Fields>> | undefined;
  if (!structures) return scored;
  // Sums depend on their order: one that does not depend on how an object was made.
  const names = Object.keys(structures).sort();
  const all = names.map((name) => structures[name]);
  const one = { ...scored };
  for (const name of scores) one[name] = take(scored[name], meanOf(all, name));
  return one;
}

/** A distance that one structure lacks, their mean lacks too. */
function meanOf(structures: readonly Fields[], name: string): number | null {
  const values = structures.map((each) => each[name]);
  return values.every((value): value is number => typeof value === "number") ? mean(values) : null;
}
