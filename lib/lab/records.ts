import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { writeAtomic } from "../io/atomic";
import { projectRoot } from "./paths";

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();
const table = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value).readonly();

const maskScores = {
  dice: z.number(),
  officialDice: z.number(),
  hd95: z.number().nullable(),
  assd: z.number().nullable(),
  undefinedBecause: z.string().optional(),
};
/** Where a task has several structures, the means over them and each by itself. */
const caseScore = z.strictObject({ id: z.string(), slices: z.int(), ...maskScores, structures: table(z.strictObject(maskScores)).optional() });

const jobFields = {
  /** Version of this schema. */
  schema: z.literal(1),
  /** Hash of everything the numbers depend on: see `jobs.ts`. */
  id: z.string(),
  experiment: z.string(),
  profile: z.string(),
  task: z.string(),
  method: z.string(),
  variant: z.string().optional(),
  params: table(z.unknown()),
  seed: z.int(),
  engine: z.string(),
  dataHash: z.string(),
  codeHash: z.string(),
  config: table(z.unknown()),
};

const round = z.strictObject({
  round: z.int(),
  loss: list(z.number()),
  personalDice: list(z.number()),
  globalDice: list(z.number()),
  bytesUp: list(z.int()),
  bytesDown: list(z.int()),
});

const federationRecord = z.strictObject({
  kind: z.literal("federation"),
  ...jobFields,
  sites: list(z.string()),
  /** Which round's models are scored. */
  selection: z.literal("last round"),
  rounds: list(round),
  /** Scores on each client's cases, of the model that predicts for the client and of the global model. */
  scores: list(
    z.strictObject({ site: z.string(), part: z.enum(["validation", "test"]), model: z.enum(["personal", "global"]), cases: list(caseScore) }),
  ),
  /** SHA-256 of the final models: equal hashes are equal bytes. */
  models: table(z.string()),
});

const adaptationRecord = z.strictObject({
  kind: z.literal("adaptation"),
  ...jobFields,
  /** The id of the federation whose models were used. */
  federation: z.string(),
  heldOut: z.string(),
  selection: z.literal("last epoch"),
  epochs: list(z.strictObject({ epoch: z.int(), cases: list(caseScore), telemetry: table(list(z.number())) })),
});

export const recordSchema = z.discriminatedUnion("kind", [federationRecord, adaptationRecord]);
export type FederationRecord = z.infer<typeof federationRecord>;
export type AdaptationRecord = z.infer<typeof adaptationRecord>;
export type RunRecord = FederationRecord | AdaptationRecord;

/** How a record came about: everything that may differ between two runs that give the same numbers. */
export const provenanceSchema = z.strictObject({
  id: z.string(),
  finished: z.string(),
  wallSeconds: z.number(),
  cpuSeconds: z.number(),
  peakMemoryMegabytes: z.number(),
  engine: z.strictObject({ name: z.string(), version: z.string(), threads: z.int(), device: z.string() }),
  node: z.string(),
  platform: z.string(),
  processor: z.string(),
  cores: z.int(),
  memoryGigabytes: z.number(),
  commit: z.string(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** Where records lie: `results/<profile>/<experiment>/<name>.json`, provenance in a folder beside them. */
export const resultsFolder = (): string => resolve(process.env.IOPFL_RESULTS ?? join(projectRoot, "results"));

export function recordPath(profile: string, experiment: string, name: string): string {
  return join(resultsFolder(), profile, experiment, `${name}.json`);
}

export function provenancePath(profile: string, experiment: string, name: string): string {
  return join(resultsFolder(), profile, experiment, "provenance", `${name}.json`);
}

/** Checks a record against its schema and writes it, with its provenance, each whole or not at all. */
export function writeRecord(name: string, record: RunRecord, provenance: Provenance): void {
  writeAtomic(provenancePath(record.profile, record.experiment, name), `${JSON.stringify(provenanceSchema.parse(provenance), null, 1)}\n`);
  writeAtomic(recordPath(record.profile, record.experiment, name), `${JSON.stringify(recordSchema.parse(record), null, 1)}\n`);
}

/** @returns the record, or `undefined` when there is none. @throws WorkbenchError when the file is not a valid record */
export function readRecord(path: string): RunRecord | undefined {
  if (!existsSync(path)) return undefined;
  return parse(path, recordSchema);
}

/** @returns all records of an experiment, sorted by file name, with their provenance */
export function readRecords(profile: string, experiment: string): { name: string; record: RunRecord; provenance: Provenance | undefined }[] {
  const folder = join(resultsFolder(), profile, experiment);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.startsWith(".")).sort();
  return names.map((file) => {
    const name = basename(file, ".json");
    const provenance = provenancePath(profile, experiment, name);
    return { name, record: parse(join(folder, file), recordSchema), provenance: existsSync(provenance) ? parse(provenance, provenanceSchema) : undefined };
  });
}

function parse<Output>(path: string, schema: z.ZodType<Output>): Output {
  const mend = "remove the file and run the experiment again";
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new WorkbenchError(`${basename(path)} is not JSON`, mend);
  }
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const { path: field, message } = result.error.issues[0];
  throw new WorkbenchError(`${basename(path)} is not a valid record: ${field.join(".")}: ${message}`, mend);
}
