import { quote, WorkbenchError } from "../../../../core/errors";
import type { Layout } from "../../../task/layout-schema";
import { readTable } from "./table";

type BySite = Exclude<Layout, { kind: "manifest" }>;

/** Which cases are of which site, where a table says it. */
export interface SiteList {
  readonly isOf: (site: string) => (id: string) => boolean;
  /** What is wrong with the table, and what of it is left out, one line each. */
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Reads the table of a layout in which several sites share a data set: a CSV or TSV file with a column of cases and one of sites,
 * such as `participants.tsv` of BIDS.
 * @param keyOf what the table calls the case of a file @throws WorkbenchError when there is no such file, or it lacks a column
 */
export function readSiteList(
  { list, sites: mapped, kind }: BySite,
  sites: readonly string[],
  keyOf: (id: string) => string,
  names: readonly string[],
  read?: (name: string) => Uint8Array,
): SiteList | undefined {
  if (!list) return undefined;
  const { file, site: siteColumn } = list;
  const caseColumn = list.case ?? (kind === "bids" ? "participant_id" : "case");
  if (!names.includes(file) || !read)
    throw new WorkbenchError(
      `there is no ${quote(file)} in the folder of the task`,
      "write it, or name another in layout.list.file",
    );
  const { rows } = readTable(file, read(file), [caseColumn, siteColumn], { mend: "name its columns in layout.list" });
  const nameOf = new Map(
    sites.map((site) => [Object.hasOwn(mapped, site) ? (mapped[site].listed ?? site) : site, site]),
  );
  const siteOf = new Map<string, string>();
  const faults: string[] = [];
  const others = new Map<string, number>();
  rows.forEach(([id, listed], place) => {
    const site = nameOf.get(listed);
    const before = siteOf.get(id);
    if (site === undefined) others.set(listed, (others.get(listed) ?? 0) + 1);
    else if (before !== undefined && before !== site)
      faults.push(
        `${file} line ${place + 2}: ${quote(id)} is of ${site} and, above, of ${before}; keep one of the lines`,
      );
    else siteOf.set(id, site);
  });
  const left = [...others].slice(0, 10).map(([name, count]) => `${quote(name)} (${count})`);
  return {
    isOf: (site) => (id) => siteOf.get(keyOf(id)) === site,
    faults,
    notes: left.length === 0 ? [] : [`${file} names cases of other sites than the task; left out: ${left.join(", ")}`],
  };
}
