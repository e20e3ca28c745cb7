import { createRandom } from "../core/random";
import type { RunRecord } from "../records/schema";
import { bootstrapInterval } from "../stats/bootstrap";
import { countedCases, type MethodCase } from "./cases";
import { markBest, type Cell, type ResultRow, type ResultTable } from "./table";

/**
 * The main table of an experiment: one row for each method, one column for each site (volumetric foreground Dice, mean over test
 * cases and seeds), then over all sites with its interval, of each structure where there are several, and the surface distance.
 */
export function experimentTable(
  kind: "inside" | "outside",
  sites: readonly string[],
  records: readonly RunRecord[],
): ResultTable {
  const cases = countedCases(kind, records);
  const methods = [...new Set(cases.map(({ method }) => method))];
  const structures = Object.keys(cases[0]?.structures ?? {});
  const rows = methods.map((method) =>
    rowOf(
      method,
      sites,
      structures,
      cases.filter((each) => each.method === method),
    ),
  );
  const patients = new Set(cases.map(({ site, id }) => `${site}/${id}`)).size;
  const seeds = new Set(cases.map(({ seed }) => seed)).size;
  const task = records[0]?.task ?? "no records";
  const selection = kind === "inside" ? "models of the last round" : "predictions of the last epoch, labels never seen";
  return {
    title:
      kind === "inside"
        ? `Inside, ${task}: Dice on each client's own test cases`
        : `Outside, ${task}: Dice on the site that was held out`,
    note: `${patients} cases, ${seeds} seed${seeds === 1 ? "" : "s"}; ${structures.length > 0 ? `Dice, mean of ${structures.join(" and ")}` : "volumetric Dice of the prostate"}; ${selection}; 95 % interval: bootstrap over cases within sites`,
    columns: [...sites, "all sites [95 %]", ...structures, structures.length > 0 ? "HD95 px" : "HD95 mm"],
    rows: markBest(rows, (column) => column === sites.length + 1 + structures.length),
  };
}

function rowOf(
  method: string,
  sites: readonly string[],
  structures: readonly string[],
  cases: readonly MethodCase[],
): ResultRow {
  const bySite = sites.map((site) => cases.filter((each) => each.site === site));
  const distances = cases.flatMap(({ hd95 }) => (hd95 === null ? [] : [hd95]));
  const dice = bySite.map((of): Cell => ({ value: mean(of.map((each) => each.dice)), digits: 3 }));
  const present = bySite.filter((of) => of.length > 0);
  const each = structures.map((name): Cell => ({
    value: mean(present.map((of) => mean(of.map((one) => one.structures?.[name] ?? 0)) as number)),
    digits: 3,
  }));
  return { label: method, cells: [...dice, overall(present), ...each, { value: mean(distances), digits: 1 }] };
}

/** The mean of the sites' means, every site counting the same; cases are resampled within sites, seeds within cases. */
function overall(bySite: readonly (readonly MethodCase[])[]): Cell {
  if (bySite.length === 0) return { value: undefined, digits: 3 };
  const strata = bySite.map((cases) => {
    const ids = [...new Set(cases.map(({ id }) => id))];
    return ids.map((id) => cases.filter((each) => each.id === id).map(({ dice }) => dice));
  });
  const { mean: value, low, high } = bootstrapInterval(strata, { random: createRandom("report") });
  // A site with a single case has no spread to resample: an interval would look far too narrow.
  return strata.some((cases) => cases.length < 2) ? { value, digits: 3 } : { value, digits: 3, interval: [low, high] };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
