import { variantOf, type Experiment } from "../records/config";
import type { FoundRecord } from "../records/found";
import { isFederation, labelOf } from "./cases";

/**
 * @returns the records that an experiment reports, its rows in its own order: those of methods that it no longer names stay on the disk
 */
export function reportedOf({ kind, methods }: Experiment, found: readonly FoundRecord[]): FoundRecord[] {
  const labels = methods.map((entry) => labelOf({ method: entry.id, variant: variantOf(entry) }));
  return found
    .filter(({ record }) => (kind === "outside" && isFederation(record)) || labels.includes(labelOf(record)))
    .sort((a, b) => labels.indexOf(labelOf(a.record)) - labels.indexOf(labelOf(b.record)));
}
