import { WorkbenchError } from "../../../core/errors";
import type { Random } from "../../../core/random";
import type { FoundCase } from "../../set/plan";
import { shuffled, withValidation, type OfficialSplit } from "../../set/splits";

/** The published folder `test` tests, a fifth of `train`, by lot, validates; for a site where both hold enough. */
export function officialFundusSplit(
  cases: readonly Pick<FoundCase, "id" | "part">[],
  site: string,
  random: Random,
): OfficialSplit {
  const published = (part: "train" | "test") => cases.filter((each) => each.part === part).map(({ id }) => id);
  const [train, test] = [published("train"), published("test")];
  if (train.length < 2 || test.length < 1)
    return new WorkbenchError(
      `${site} has ${train.length} images in train and ${test.length} in test`,
      "use the seeded split, or complete the site",
    );
  return () => ({ test: [...test].sort(), ...withValidation(shuffled(train, random)) });
}
