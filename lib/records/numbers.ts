import type { RunRecord } from "./schema";

/** @returns every number of a record with the hashes of its models: neither the code's version, nor ids, nor how it came about */
export function numbersOf(record: RunRecord): unknown {
  const { diverged } = record;
  return record.kind === "federation"
    ? { rounds: record.rounds, scores: record.scores, models: record.models, diverged }
    : { epochs: record.epochs, diverged };
}
