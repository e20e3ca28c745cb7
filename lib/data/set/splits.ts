import { z } from "zod";
import type { Random } from "../../core/random";
import { WorkbenchError } from "../../core/errors";
import type { Part } from "./types";

/** The case ids of each part. */
export type Split = Readonly<Record<Part, readonly string[]>>;

/** One of several parts of the cases, each of which is the test part once. `fold` counts from 0. */
export interface Fold {
  readonly folds: number;
  readonly fold: number;
}

/** Shares of training, validation and test, whatever they add up to: 7, 1, 2. */
export interface Ratio {
  readonly ratio: readonly [train: number, validation: number, test: number];
}

/**
 * `official`: the published lists; `seeded`: by lot, 64 : 16 : 20; `auto`: official when the site is complete, seeded otherwise;
 * or one fold of several; or by lot in another ratio.
 */
export type SplitMode = "official" | "seeded" | "auto" | Fold | Ratio;

/** A split mode as configurations write it. */
export const splitModeSchema = z.union([
  z.enum(["auto", "official", "seeded"]),
  z.strictObject({ folds: z.int().min(2), fold: z.int().nonnegative() }),
  z.strictObject({ ratio: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]) }),
]);

/** The split that was published for the cases of a site, or why they have none. */
export type OfficialSplit = (() => Split) | WorkbenchError;

/**
 * Splits the cases of a site. By lot they become 64 % training, 16 % validation and 20 % test: test is rounded up, then
 * validation, as in the published lists. No case is in two parts, and none is left out.
 * @throws WorkbenchError when there are fewer than three cases, or when `official` is asked for and there is no such split
 */
export function splitCases(
  ids: readonly string[],
  site: string,
  mode: SplitMode,
  random: Random,
  official: OfficialSplit,
): Split {
  if (mode === "official" && official instanceof WorkbenchError) throw official;
  const split =
    typeof mode === "object"
      ? splitByRule(ids, site, mode, random)
      : mode !== "seeded" && typeof official === "function"
        ? official()
        : splitByLot(ids, site, random);
  assertNoLeakage(split, ids);
  return split;
}

/** A fifth for the test, a fifth of the rest for validation, both rounded up, by lot. Does not depend on the order of the ids. */
function splitByLot(ids: readonly string[], site: string, random: Random): Split {
  if (ids.length < 3)
    throw new WorkbenchError(`${site} has ${ids.length} cases, too few to split`, "use at least three");
  const order = shuffled(ids, random);
  const test = Math.ceil(ids.length / 5);
  return { test: order.slice(0, test).sort(), ...withValidation(order.slice(test)) };
}

/** A fold, or a ratio. @throws WorkbenchError when a part would be empty */
function splitByRule(ids: readonly string[], site: string, mode: Fold | Ratio, random: Random): Split {
  return "ratio" in mode ? splitByRatio(ids, site, mode, random) : splitByFold(ids, site, mode, random);
}

/** By lot, each part as near to its share as whole cases allow; training takes what is left. */
export function splitByRatio(ids: readonly string[], site: string, { ratio }: Ratio, random: Random): Split {
  const total = ratio[0] + ratio[1] + ratio[2];
  if (!(ratio.length === 3 && ratio.every((share) => share > 0) && Number.isFinite(total)))
    throw new WorkbenchError(
      `${site}: invalid ratio ${ratio.join(" : ")}`,
      "give the shares of training, validation and test, for example 7 : 1 : 2",
    );
  const order = shuffled(ids, random.child("ratio"));
  const [validation, test] = [1, 2].map((part) => Math.max(1, Math.round((ids.length * ratio[part]) / total)));
  return {
    test: order.slice(0, test).sort(),
    validation: order.slice(test, test + validation).sort(),
    train: order.slice(test + validation).sort(),
  };
}

/**
 * Cuts the cases by lot into folds whose sizes differ by one at most; validation is a fifth of what is left. The folds' test
 * parts make up the set.
 */
export function splitByFold(ids: readonly string[], site: string, { folds, fold }: Fold, random: Random): Split {
  if (
    !Number.isInteger(folds) ||
    folds < 2 ||
    folds > ids.length ||
    !Number.isInteger(fold) ||
    fold < 0 ||
    fold >= folds
  ) {
    throw new WorkbenchError(
      `${site} has no fold ${fold} of ${folds} folds of ${ids.length} cases`,
      "use 2 folds or more, at most one for each case, and count from 0",
    );
  }
  const order = shuffled(ids, random.child("folds"));
  const inFold = (index: number) => index % folds === fold;
  return {
    test: order.filter((_, index) => inFold(index)).sort(),
    ...withValidation(order.filter((_, index) => !inFold(index))),
  };
}

/** The first fifth, rounded up, validates. @param order cases in the order of the lot */
export function withValidation(order: readonly string[]): Pick<Split, "train" | "validation"> {
  const validation = Math.ceil(order.length / 5);
  return { validation: order.slice(0, validation).sort(), train: order.slice(validation).sort() };
}

/** The cases in the order of the lot. */
export function shuffled(ids: readonly string[], random: Random): string[] {
  const sorted = [...ids].sort();
  return Array.from(random.permutation(sorted.length), (index) => sorted[index]);
}

/** @throws WorkbenchError unless every case is in exactly one part, and no part is empty */
export function assertNoLeakage(split: Split, ids: readonly string[]): void {
  const parts = [split.train, split.validation, split.test];
  const all = parts.flat();
  const twice = all.find((id, index) => all.indexOf(id) !== index);
  if (twice) throw new WorkbenchError(`case ${twice} is in two parts of the split`, "mend the split");
  const lost = ids.find((id) => !all.includes(id)) ?? all.find((id) => !ids.includes(id));
  if (lost) throw new WorkbenchError(`case ${lost} is in the set or in its split, but not in both`, "mend the split");
  if (parts.some((part) => part.length === 0))
    throw new WorkbenchError(`a split of ${ids.length} cases has an empty part`, "use more cases or more folds");
}
