import { canonicalJson, type Json } from "../../core/hash";
import { numbersOf } from "../../records/numbers";
import type { RunRecord } from "../../records/schema";

/** Whether two records are equal in every number and model. */
export const sameNumbers = (a: RunRecord, b: RunRecord): boolean =>
  canonicalJson(numbersOf(a) as Json) === canonicalJson(numbersOf(b) as Json);
