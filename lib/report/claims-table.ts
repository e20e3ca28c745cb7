import { readManifest } from "../records/release/manifest";
import { judgeClaims, type JudgedClaim } from "./judged-claims";
import type { ResultRow, ResultTable } from "./table";

/** What the paper claims, and what the released numbers of a profile say of it; `undefined` where nothing is released. */
export function claimsTable(
  profile: string,
  claims: readonly JudgedClaim[] = judgeClaims(profile),
): ResultTable | undefined {
  if (!readManifest(profile) || claims.length === 0) return undefined;
  return {
    title: "What the paper claims",
    note: "judged on this profile's released numbers by the rules of configs/paper/claims.yaml, which were committed before them: holds where the 95 % interval of the difference in Dice lies above zero and the corrected p is below 0.05; fails where the interval excludes a gain of the margin; undecided otherwise",
    columns: ["difference [95 %]", "p", "margin", "verdict"],
    rows: claims.map(rowOf),
  };
}

function rowOf({ claim, verdict, why = verdict, found }: JudgedClaim): ResultRow {
  const words = (text: string) => ({ value: undefined, digits: 0, notes: [text] });
  const margin = { value: claim.margin, digits: 3 };
  if (!found) return { label: claim.statement, cells: [words("–"), words("–"), margin, words(why)] };
  const { difference, low, high, p } = found;
  const interval = Number.isNaN(low) ? {} : { interval: [low, high] as const };
  return {
    label: claim.statement,
    cells: [{ value: difference, digits: 3, ...interval }, { value: p, digits: 4 }, margin, words(verdict)],
  };
}
