import type { Provenance, RunRecord } from "./schema";

/** A record as it lies on the disk. */
export interface FoundRecord {
  readonly name: string;
  readonly record: RunRecord;
  readonly provenance: Provenance | undefined;
}
