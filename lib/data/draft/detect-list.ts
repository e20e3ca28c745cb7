import { WorkbenchError } from "../../core/errors";
import { readTable } from "../sets/own/layouts/table";
import type { Detected } from "./detected";
import { plainNames } from "./plain";

const caseColumns = ["participant_id", "case", "case_id", "id", "name"];
const siteColumns = ["site", "center", "centre", "institution", "hospital", "site_id"];

/**
 * Looks for a table that says of which site the cases of one data set are.
 * @param ids of the cases, as such a table has them @returns the layout with that table, and the sites that it names
 */
export function detectList(
  layout: Detected["layout"],
  root: string,
  ids: readonly string[],
  names: readonly string[],
  read: (name: string) => Uint8Array,
): Detected | undefined {
  const start = root === "." ? "" : `${root}/`;
  const tables = names.filter((name) => name.startsWith(start) && /^[^/]+\.[ct]sv$/i.test(name.slice(start.length)));
  for (const file of tables) {
    const found = columnsOf(file, read(file));
    const siteOf = new Map(found?.rows);
    const known = ids.flatMap((id) => siteOf.get(id) ?? []);
    const listed = [...new Set(known)].filter((site) => site !== "").sort();
    if (!found || listed.length < 2 || 2 * known.length < ids.length) continue;
    const sites = plainNames(listed, "site");
    const mapped = sites.flatMap((site, place) => {
      const own = { ...(root !== "." && { folder: root }), ...(site !== listed[place] && { listed: listed[place] }) };
      return Object.keys(own).length === 0 ? [] : [[site, own] as const];
    });
    const list = { file, case: found.case, site: found.site };
    return { sites, layout: { ...layout, list, ...(mapped.length > 0 && { sites: Object.fromEntries(mapped) }) } };
  }
  return undefined;
}

interface Columns {
  readonly case: string;
  readonly site: string;
  readonly rows: readonly (readonly [id: string, site: string])[];
}

/** @returns the columns of cases and sites of a table that has both */
function columnsOf(file: string, bytes: Uint8Array): Columns | undefined {
  try {
    const all = [...caseColumns, ...siteColumns];
    const { head, rows } = readTable(file, bytes, all, { optional: all, mend: "" });
    const there = head.map((name) => name.trim().toLowerCase());
    const of = (wanted: readonly string[]) => wanted.find((name) => there.includes(name));
    const [own, site] = [of(caseColumns), of(siteColumns)];
    if (own === undefined || site === undefined) return undefined;
    const at = [all.indexOf(own), all.indexOf(site)];
    return { case: own, site, rows: rows.map((row) => [row[at[0]], row[at[1]]] as const) };
  } catch (error) {
    if (error instanceof WorkbenchError) return undefined; // a table of something else
    throw error;
  }
}
