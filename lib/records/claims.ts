import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hashOf, type Json } from "../core/hash";
import { readConfig } from "../io/config";
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

const schema = z.strictObject({
  claims: z.array(claim).refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "each id once"),
});

/** @returns none where there is no file: whoever brings configurations of their own need claim nothing */
export function readClaims(): readonly Claim[] {
  const path = join(configFolder, "paper", "claims.yaml");
  return existsSync(path) ? readConfig(path, schema, "configs/paper/claims.yaml").claims : [];
}

/** @returns by id a hash of everything that a claim says: numbers are judged by rules that were there before them */
export function claimHashes(): Record<string, string> {
  return Object.fromEntries(readClaims().map((each) => [each.id, hashOf(each as unknown as Json)]));
}
