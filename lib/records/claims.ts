import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hashOf, type Json } from "../core/hash";
import { parseConfig } from "../io/config";
import { configFolder } from "./paths";

const row = z.strictObject({ method: z.string(), variant: z.string().optional() });

const claim = z.strictObject({
  id: z.string(),
  /** What is claimed, in a sentence. */
  statement: z.string(),
  /** Where of the paper. */
  source: z.string(),
  experiment: z.string(),
  reference: row,
  against: row,
  metric: z.literal("dice"),
  /** In the metric's unit: a gain that is smaller counts as none. */
  margin: z.number().positive(),
});
export type Claim = z.infer<typeof claim>;

/** How every claim is judged: lib/stats/verdict.ts and lib/report/compare-methods.ts do so, and nothing else can be asked for. */
const rule = z.strictObject({
  test: z.literal("Wilcoxon signed-rank over cases, seeds averaged, two-sided"),
  correction: z.literal("Holm over all comparisons of the table"),
  level: z.literal(0.05),
  interval: z.literal(0.95),
  direction: z.literal("reference above against"),
  holds: z.literal("interval above 0 and corrected p below level"),
  fails: z.literal("interval below margin"),
  undecided: z.literal("otherwise"),
});

const schema = z.strictObject({
  rule,
  claims: z.array(claim).refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "each id once"),
});

/** @returns none where there is no file: whoever brings configurations of their own need claim nothing */
export function readClaims(): readonly JudgedClaim[] {
  const path = join(configFolder, "paper", "claims.yaml");
  return existsSync(path) ? parseClaims(readFileSync(path, "utf8")) : [];
}

/** A claim with the rule that it is judged by. */
export type JudgedClaim = Claim & { readonly rule: z.infer<typeof rule> };

/** @param text of a `claims.yaml`. @throws WorkbenchError naming the line that is not as it should be */
export function parseClaims(text: string): readonly JudgedClaim[] {
  const { claims, rule } = parseConfig(text, schema, "configs/paper/claims.yaml");
  return claims.map((each) => ({ ...each, rule }));
}

/** @returns by id a hash of everything that a claim says: numbers are judged by rules that were there before them */
export function claimHashes(claims: readonly JudgedClaim[] = readClaims()): Record<string, string> {
  return Object.fromEntries(claims.map((each) => [each.id, hashOf(each as unknown as Json)]));
}
