import { basename } from "node:path";
import { printable } from "../core/errors";
import { escapeHtml } from "../core/escape-html";
import { readProfile } from "../records/config";
import { readClaims, type Claim } from "../records/claims";
import { labelOf } from "../report/cases";
import { comparedTables, compareSides } from "../report/compare/compare-sides";
import { findSide } from "../report/compare/sides";
import { htmlList, htmlTable } from "../report/html";
import { judgeClaims } from "../report/judged-claims";
import { missingOf } from "../report/paper/missing";
import { paperBeside } from "../report/paper/paper-tables";
import { readPaperTables } from "../report/paper/read";
import { notTranscribed } from "../report/paper/schema";
import { textTable } from "../report/text-table";
import { createBundle, type Bundle } from "./bundle";

/** A table of the paper as far as somebody has copied it. */
export interface TranscribedTable {
  readonly file: string;
  readonly title: string;
  /** Numbers that the table has, as far as is known, and how many of them are there. */
  readonly numbers: number;
  readonly transcribed: number;
  /** The first line of the file where something is missing; null where nothing is. */
  readonly gap: number | null;
}

/** @returns every table of the paper. @throws WorkbenchError for a file that is not valid, with its line */
export const paperTables = (): TranscribedTable[] =>
  readPaperTables()
    .map(missingOf)
    .map(({ file, title, cells, transcribed, line }) => ({
      file,
      title,
      numbers: cells,
      transcribed,
      gap: line ?? null,
    }));

/** A number of the paper beside ours. */
export interface PaperCell {
  /** The id of the table: `inside-prostate`. */
  readonly table: string;
  readonly row: string;
  readonly metric: string;
  readonly column: string;
  /** In the table's unit; null where it is not transcribed, or ours not measured. */
  readonly paper: number | null;
  readonly ours: number | null;
  readonly verdict: string;
}

/** @returns every number of the paper's tables with its verdict at a profile. @throws WorkbenchError for an unknown profile */
export function paperCells({ profile }: { readonly profile: string }): PaperCell[] {
  return paperBeside(readProfile(profile)).flatMap(({ file, places }) =>
    places.map(({ row, metric, column, cell, ours, judged }) => ({
      table: basename(file, ".yaml").replace(/^table-/, ""),
      row: labelOf({ method: row.method, variant: row.variant }),
      metric: `${metric.id}, ${metric.unit}`,
      column: column.id,
      paper: typeof cell === "number" ? cell : cell === notTranscribed ? null : cell.value,
      ours: ours?.mean ?? null,
      verdict: judged.verdict,
    })),
  );
}

/** @returns the claims of the abstract with what is compared for each, and the verdict on a profile's released numbers */
export function claims({ profile }: { readonly profile: string }): (Claim & { verdict: string; why: string })[] {
  const judged = new Map(judgeClaims(readProfile(profile).id).map((each) => [each.claim.id, each]));
  return readClaims().map((claim) => {
    const { verdict = "no verdict", why = "" } = judged.get(claim.id) ?? {};
    return { ...claim, verdict, why };
  });
}

/**
 * Two sides of results beside each other: differences by method, and what changed in configuration, code, arithmetic and machine.
 * @param a, b folders of results, profiles, engines, `seed=0`, commits, `released` or `mine`
 * @throws WorkbenchError for a word that is no side, and where both have no run in common
 */
export function compareRuns(a: string, b: string, { profile }: { readonly profile: string }): Bundle {
  const compared = compareSides(findSide(a, profile), findSide(b, profile));
  const tables = comparedTables(compared);
  const changes = compared.changes.map(({ what, a: before, b: after }) => `${what}: ${before} → ${after}`);
  const heading = `What changed from ${a} to ${b}`;
  const lines = changes.length > 0 ? changes : ["nothing, in configuration, code, arithmetic or machine"];
  return createBundle({
    "text/html": `${tables.map((each) => htmlTable(each)).join("")}<p>${escapeHtml(heading)}:</p>${htmlList(lines)}`,
    "text/plain": [...tables.map(textTable), heading, ...lines.map((line) => `  ${printable(line)}`)].join("\n"),
  });
}
