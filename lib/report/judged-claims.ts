import { claimHashes, readClaims, type Claim } from "../records/claims";
import { readExperiment } from "../records/config";
import { readManifest, type Manifest } from "../records/release/manifest";
import { readReleased } from "../records/release/released";
import { verdictOf, type Verdict } from "../stats/verdict";
import { countedCases, labelOf } from "./cases";
import { compareMethods, type Comparison } from "./compare-methods";

/** What the released numbers of a profile say of a claim. */
export interface JudgedClaim {
  readonly claim: Claim;
  readonly verdict: Verdict | "no verdict";
  /** Why there is none. */
  readonly why?: string;
  /** What the verdict rests on. */
  readonly found?: Comparison;
}

/** Judges every claim by the rules that were committed before the numbers; none where none is claimed. */
export function judgeClaims(profile: string): JudgedClaim[] {
  const manifest = readManifest(profile);
  const hashes = claimHashes();
  return readClaims().map((claim) => {
    if (!manifest) return { claim, verdict: "no verdict", why: "nothing of this profile is released" };
    return judge(claim, manifest, hashes[claim.id]);
  });
}

function judge(claim: Claim, manifest: Manifest, hash: string): JudgedClaim {
  const none = (why: string): JudgedClaim => ({ claim, verdict: "no verdict", why });
  if (!manifest.experiments[claim.experiment]) return none(`${claim.experiment} is not released`);
  if (manifest.claims[claim.id] !== hash) return none("no verdict: this rule is younger than the numbers");
  const found = comparisonOf(claim, manifest.profile);
  return found ? { claim, verdict: verdictOf(found, claim.margin), found } : none("a method is not released");
}

function comparisonOf({ experiment, reference, against }: Claim, profile: string): Comparison | undefined {
  const { kind } = readExperiment(experiment);
  const records = [...readReleased(profile, experiment).records.values()].map(({ record }) => record);
  const compared = compareMethods(countedCases(kind, records), labelOf(reference));
  return compared.find(({ method }) => method === labelOf(against));
}
