import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { provenancePath, resultsFolder } from "./paths";
import { provenanceSchema, recordSchema, type Provenance, type RunRecord } from "./schema";

/** @returns the record, or `undefined` when there is none. @throws WorkbenchError when the file is not a valid record */
export function readRecord(path: string): RunRecord | undefined {
  if (!existsSync(path)) return undefined;
  return parse(path, recordSchema);
}

/** @returns all records of an experiment, sorted by file name, with their provenance */
export function readRecords(
  profile: string,
  experiment: string,
): { name: string; record: RunRecord; provenance: Provenance | undefined }[] {
  const folder = join(resultsFolder(), profile, experiment);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.startsWith("."))
    .sort();
  return names.map((file) => {
    const name = basename(file, ".json");
    const provenance = provenancePath(profile, experiment, name);
    return {
      name,
      record: parse(join(folder, file), recordSchema),
      provenance: existsSync(provenance) ? parse(provenance, provenanceSchema) : undefined,
    };
  });
}

function parse<Output>(path: string, schema: z.ZodType<Output>): Output {
  const hint = "remove the file and run the experiment again";
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new WorkbenchError(`${basename(path)} is not JSON`, hint);
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const { path: field, message } = result.error.issues[0];
  throw new WorkbenchError(`${basename(path)} is not a valid record: ${field.join(".")}: ${message}`, hint);
}
