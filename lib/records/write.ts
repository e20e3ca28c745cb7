import { writeAtomic } from "../io/atomic";
import { provenancePath, recordPath } from "./paths";
import { provenanceSchema, recordSchema, type Provenance, type RunRecord } from "./schema";

/** Checks a record against its schema and writes it, with its provenance, each whole or not at all. */
export function writeRecord(name: string, record: RunRecord, provenance: Provenance): void {
  writeAtomic(
    provenancePath(record.profile, record.experiment, name),
    `${JSON.stringify(provenanceSchema.parse(provenance), null, 1)}\n`,
  );
  writeAtomic(
    recordPath(record.profile, record.experiment, name),
    `${JSON.stringify(recordSchema.parse(record), null, 1)}\n`,
  );
}
