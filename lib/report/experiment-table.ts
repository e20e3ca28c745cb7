import { createRandom } from "../core/random";
import type { RunRecord } from "../lab/records";
import { bootstrapMean } from "../stats/bootstrap";
import { countedCases, type MethodCase } from "./cases";
import { markBest, type Cell, type ResultRow, type ResultTable } from "./table";

/**
 * The main table of an experiment: one row for each method, one column for each site (volumetric foreground Dice, mean over test
 * cases and seeds), then over all sites with its interval, and the surface distance.
 */
export function experimentTable(kind: "inside" | "outside", sites: readonly string[], records: readonly RunRecord[]): ResultTable {
  const cases = countedCases(kind, records);
  const methods = [...new Set(cases.map(({ method }) => method))];
  const rows = methods.map((method) => rowOf(method, sites, cases.filter((each) => each.method === method)));
  const patients = new Set(cases.map(({ site, id }) => `${site}/${id}`)).size;
  const seeds = new Set(cases.map(({ seed }) => seed)).size;
  const selection = kind === "inside" ? "models of the last round" : "predictions of the last epoch, labels never seen";
  return {
    title: kind === "inside" ? "Inside: Dice on each client's own test cases" : "Outside: Dice on the site that was held out",
    note: `${patients} cases, ${seeds} seed${seeds === 1 ? "" : "s"}; volumetric Dice of the prostate; ${selection}; 95 % interval: bootstrap over cases within sites; * best as printed`,
    columns: [...sites, "all sites [95 %]", "HD95 mm"],
    rows: markBest(rows, (column) => column === sites.length + 1),
  };
}

function rowOf(method: string, sites: readonly string[], cases: readonly MethodCase[]): ResultRow {
  const bySite = sites.map((site) => cases.filter((each) => each.site === site).map(({ dice }) => dice));
  const distances = cases.flatMap(({ hd95 }) => (hd95 === null ? [] : [hd95]));
  return { label: method, cells: [...bySite.map((values): Cell => ({ value: mean(values), digits: 3 })), overall(bySite), { value: mean(distances), digits: 1 }] };
}

/** The mean of the sites' means, every site counting the same. */
function overall(bySite: readonly number[][]): Cell {
  const measured = bySite.filter((values) => values.length > 0);
  if (measured.length === 0) return { value: undefined, digits: 3 };
  const { mean: value, low, high } = bootstrapMean(measured, { level: 0.95, resamples: 2000, random: createRandom("report") });
  return { value, digits: 3, interval: [low, high] };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
