import { WorkbenchError } from "../../../core/errors";
import type { OfficialSplit } from "../../set/splits";
import type { ProstateSite } from "./sites";

/** The lists of the official code, for a site that is complete and holds nothing else. */
export function officialProstateSplit(ids: readonly string[], site: ProstateSite): OfficialSplit {
  const missing = site.cases.filter((id) => !ids.includes(id));
  const extra = ids.filter((id) => !site.cases.includes(id));
  if (missing.length + extra.length > 0) {
    const list = [
      missing.length > 0 && `missing ${missing.join(" ")}`,
      extra.length > 0 && `extra ${extra.join(" ")}`,
    ].filter(Boolean);
    return new WorkbenchError(
      `${site.name} has no official split of these ${ids.length} cases: ${list.join(", ")}`,
      "use the seeded split, or complete the site",
    );
  }
  const named = (numbers: readonly string[]) => numbers.map((number) => `Case${number}`);
  const [validation, test] = [named(site.validation), named(site.test)];
  const train = site.cases.filter((id) => !validation.includes(id) && !test.includes(id));
  return () => ({ train, validation, test });
}
