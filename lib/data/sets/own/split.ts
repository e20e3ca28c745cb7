import type { Random } from "../../../core/random";
import { WorkbenchError } from "../../../core/errors";
import type { FoundCase, PublishedPart } from "../../set/plan";
import { shuffled, splitByFold, splitByRatio, withValidation, type OfficialSplit, type Split } from "../../set/splits";
import type { OwnRules } from "../../task/own-schema";

/** What a task says of its split; by lot where it says nothing. */
export function ownSplit(
  rule: OwnRules["split"],
  cases: readonly FoundCase[],
  site: string,
  random: Random,
): OfficialSplit {
  const ids = cases.map(({ id }) => id);
  if (typeof rule === "object")
    return () => ("ratio" in rule ? splitByRatio(ids, site, rule, random) : splitByFold(ids, site, rule, random));
  if (rule === "parts" || rule === "official") return () => splitByParts(cases, site, random);
  return new WorkbenchError(`${site} has no split but by lot`, "use the seeded split, or set split in the task");
}

/** As the layout says; where it names no case that validates, a fifth of the training cases, by lot. */
function splitByParts(cases: readonly FoundCase[], site: string, random: Random): Split {
  const idsOf = (part: PublishedPart) => cases.filter((each) => each.part === part).map(({ id }) => id);
  const [train, validation, test] = [idsOf("train"), idsOf("validation"), idsOf("test")];
  const open = cases.find(({ part }) => part === undefined);
  if (open || train.length < (validation.length > 0 ? 1 : 2) || test.length === 0)
    throw new WorkbenchError(
      open
        ? `${site}/${open.id} is in no part`
        : `${site} has ${train.length} cases that train, ${validation.length} that validate and ${test.length} that test`,
      "give every site cases of each part, or set split: seeded",
    );
  if (validation.length > 0)
    return { train: [...train].sort(), validation: [...validation].sort(), test: [...test].sort() };
  return { test: [...test].sort(), ...withValidation(shuffled(train, random)) };
}
