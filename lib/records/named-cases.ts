import { WorkbenchError } from "../core/errors";
import { mean } from "../core/mean";
import type { RunRecord } from "./schema";
import { scoredCases } from "./scored-cases";

/** Cases that are drawn have a name that no one chose: their place by Dice. */
export const caseNames = ["best", "median", "worst"] as const;
export type CaseName = (typeof caseNames)[number];

/** Which of a site's scored cases: by name, or from 0 in the order in which they are scored. */
export type CasePlace = CaseName | number;

/**
 * The mean over methods says which case of a site is its best, median or worst: rows of different methods then show the same case, and no
 * method chooses its own.
 * @param records those of one experiment and seed
 * @returns the case's id; nothing where no record scores the site
 * @throws WorkbenchError when the site has no such case
 */
export function caseAt(records: readonly RunRecord[], site: string, place: CasePlace): string | undefined {
  const scored = records.flatMap(scoredCases).filter((each) => each.site === site && each.cases.length > 0);
  if (scored.length === 0) return undefined;
  const ids = scored[0].cases.map(({ id }) => id);
  if (typeof place === "number") {
    if (ids[place] === undefined)
      throw new WorkbenchError(`${site} has no case ${place}`, `use 0 to ${ids.length - 1}`);
    return ids[place];
  }
  const found = new Map(ids.map((id): [string, number[]] => [id, []]));
  for (const { id, dice } of scored.flatMap(({ cases }) => cases)) found.get(id)?.push(dice);
  const ranked = [...found]
    .map(([id, dice]) => ({ id, dice: mean(dice) }))
    .sort((a, b) => b.dice - a.dice || (a.id < b.id ? -1 : 1));
  const at = { best: 0, median: Math.floor((ranked.length - 1) / 2), worst: ranked.length - 1 };
  if (!Object.hasOwn(at, place))
    throw new WorkbenchError(`${site} has no case "${String(place)}"`, `use ${caseNames.join(", ")} or a number`);
  return ranked[at[place]].id;
}
