import { createHash } from "node:crypto";
import { writeAtomic } from "../io/atomic";
import { provenancePath, recordPath } from "./paths";
import { provenanceSchema, recordSchema, type Provenance, type RunRecord } from "./schema";

/** Checks a record against its schema and writes it, with its provenance and a seal in that, each whole or not at all. */
export function writeRecord(name: string, record: RunRecord, provenance: Provenance): void {
  const { profile, experiment } = record;
  const text = `${JSON.stringify(recordSchema.parse(record), null, 1)}\n`;
  const sealed = { ...provenanceSchema.parse(provenance), sha256: sealOfText(text) };
  writeAtomic(provenancePath(profile, experiment, name), `${JSON.stringify(sealed, null, 1)}\n`);
  writeAtomic(recordPath(profile, experiment, name), text);
}

/** What a provenance says of its record's file: a number that was changed on the disk is one that no run computed. */
export const sealOfText = (text: string): string => createHash("sha256").update(text).digest("hex");
