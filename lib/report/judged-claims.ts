import { claimHashes, readClaims, type Claim } from "../records/claims";
import { readExperiment, readProfile, readTask, variantOf } from "../records/config";
import { experimentAt } from "../records/experiment-at";
import { readManifest, type Manifest } from "../records/release/manifest";
import { readReleased } from "../records/release/released";
import { verdictOf, type Verdict } from "../stats/verdict";
import { countedCases, labelOf } from "./cases";
import { compareMethods, type Comparison } from "./compare-methods";
import { progressOf } from "./runs";

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
  const compared = comparer(profile);
  return readClaims().map((claim) => {
    if (!manifest) return { claim, verdict: "no verdict", why: "nothing of this profile is released" };
    return judge(claim, manifest, hashes[claim.id], compared);
  });
}

type Compared = (claim: Claim) => readonly Comparison[];

function judge(claim: Claim, manifest: Manifest, hash: string, compared: Compared): JudgedClaim {
  const none = (why: string): JudgedClaim => ({ claim, verdict: "no verdict", why });
  if (!manifest.experiments[claim.experiment]) return none(`${claim.experiment} is not released`);
  if (manifest.claims[claim.id] !== hash) return none("no verdict: this rule is younger than the numbers");
  const missing = missingOf(claim, manifest.profile);
  if (missing) return none(missing);
  const found = compared(claim).find(({ method }) => method === labelOf(claim.against));
  return found ? { claim, verdict: verdictOf(found, claim.margin), found } : none("a method is not released");
}

/** Who judges whenever another seed is there may stop when it pleases. @returns what a claim compares and is not released yet */
function missingOf({ experiment: id, reference, against }: Claim, profile: string): string | undefined {
  const experiment = experimentAt(readExperiment(id), profile);
  const labels = [labelOf(reference), labelOf(against)];
  const methods = experiment.methods.filter((entry) =>
    labels.includes(labelOf({ method: entry.id, variant: variantOf(entry) })),
  );
  const records = Array.from(readReleased(profile, id).records.values(), ({ record }) => record);
  const { expected, found } = progressOf(
    { ...experiment, methods },
    readTask(experiment.task),
    readProfile(profile),
    records,
  );
  return found < expected
    ? `${expected - found} of the ${expected} runs that it compares are not released yet`
    : undefined;
}

/** @returns the comparisons that a claim is one of; several claims ask for the same, which are made once */
function comparer(profile: string): Compared {
  const known = new Map<string, readonly Comparison[]>();
  return ({ experiment, reference }) => {
    const key = JSON.stringify([experiment, labelOf(reference)]);
    const made = known.get(key) ?? compareReleased(profile, experiment, labelOf(reference));
    known.set(key, made);
    return made;
  };
}

function compareReleased(profile: string, experiment: string, reference: string): readonly Comparison[] {
  const { kind } = readExperiment(experiment);
  const records = [...readReleased(profile, experiment).records.values()].map(({ record }) => record);
  return compareMethods(countedCases(kind, records), reference);
}
