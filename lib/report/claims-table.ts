import { claimHashes, readClaims, type Claim } from "../records/claims";
import { readExperiment } from "../records/config";
import { readManifest, type Manifest } from "../records/release/manifest";
import { readReleased } from "../records/release/released";
import { verdictOf } from "../stats/verdict";
import { countedCases } from "./cases";
import { compareMethods, type Comparison } from "./compare-methods";
import type { ResultRow, ResultTable } from "./table";

/** What the paper claims, and what the released numbers of a profile say of it; `undefined` where nothing is released. */
export function claimsTable(profile: string): ResultTable | undefined {
  const manifest = readManifest(profile);
  const claims = readClaims();
  if (!manifest || claims.length === 0) return undefined;
  const hashes = claimHashes();
  return {
    title: "What the paper claims",
    note: "judged on this profile's released numbers by the rules of configs/paper/claims.yaml, which were committed before them: holds where the 95 % interval of the difference in Dice lies above zero and the corrected p is below 0.05; fails where the interval excludes a gain of the margin; undecided otherwise",
    columns: ["difference [95 %]", "p", "margin", "verdict"],
    rows: claims.map((claim) => rowOf(claim, manifest, hashes[claim.id])),
  };
}

function rowOf(claim: Claim, manifest: Manifest, hash: string): ResultRow {
  const words = (text: string) => ({ value: undefined, digits: 0, notes: [text] });
  const none = (why: string): ResultRow => ({
    label: claim.statement,
    cells: [words("–"), words("–"), { value: claim.margin, digits: 3 }, words(why)],
  });
  if (!manifest.experiments[claim.experiment]) return none(`${claim.experiment} is not released`);
  if (manifest.claims[claim.id] !== hash) return none("no verdict: this rule is younger than the numbers");
  const found = comparisonOf(claim, manifest.profile);
  if (!found) return none("a method is not released");
  const { difference, low, high, p } = found;
  return {
    label: claim.statement,
    cells: [
      { value: difference, digits: 3, ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }) },
      { value: p, digits: 4 },
      { value: claim.margin, digits: 3 },
      words(verdictOf(found, claim.margin)),
    ],
  };
}

function comparisonOf({ experiment, reference, against }: Claim, profile: string): Comparison | undefined {
  const { kind } = readExperiment(experiment);
  const records = [...readReleased(profile, experiment).records.values()].map(({ record }) => record);
  const label = ({ method, variant }: Claim["reference"]) =>
    variant === undefined ? method : `${method} (${variant})`;
  return compareMethods(countedCases(kind, records), label(reference)).find(({ method }) => method === label(against));
}
