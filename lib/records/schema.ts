import { z } from "zod";

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
const caseScore = z.strictObject({
  id: z.string(),
  slices: z.int(),
  ...maskScores,
  structures: table(z.strictObject(maskScores)).optional(),
});

/** What computed a record: where all of it is equal, equal questions have equal answers. */
export const numericsSchema = z.strictObject({
  engine: z.string(),
  /** Everything besides the project's own TypeScript that decides bytes: libraries, the compiled addon, instructions. */
  arithmetic: z.string(),
  /** Hash of what the compiler leaves of the code that the job runs. */
  code: z.string(),
  /** Hash of the images and masks. */
  data: z.string(),
});
export type Numerics = z.infer<typeof numericsSchema>;

const jobFields = {
  /** Version of this schema. */
  schema: z.literal(2),
  /** Of question and numerics: records of equal ids hold equal numbers. */
  id: z.string(),
  /** Hash of everything that was configured. */
  question: z.string(),
  numerics: numericsSchema,
  experiment: z.string(),
  profile: z.string(),
  task: z.string(),
  method: z.string(),
  variant: z.string().optional(),
  params: table(z.unknown()),
  seed: z.int(),
  config: table(z.unknown()),
};

/** Why a job ended before its last round or epoch: something was not finite. What came before is recorded, scores are not. */
const divergence = z.strictObject({
  method: z.string(),
  client: z.string().optional(),
  /** Of an adaptation its pass. */
  round: z.int().optional(),
  problem: z.string(),
});
export type Divergence = z.infer<typeof divergence>;
const diverged = divergence.optional();

export const roundsSchema = list(
  z.strictObject({
    round: z.int(),
    loss: list(z.number().nullable()), // null: the client did not train in this round
    personalDice: list(z.number()),
    globalDice: list(z.number()),
    bytesUp: list(z.int()),
    bytesDown: list(z.int()),
  }),
);

/** Scores on each client's cases, of the model that predicts for the client and of the global model. */
export const scoresSchema = list(
  z.strictObject({
    site: z.string(),
    part: z.enum(["validation", "test"]),
    model: z.enum(["personal", "global"]),
    /** Whose model it is, at a site that it never met. */
    of: z.string().optional(),
    cases: list(caseScore),
  }),
);

const federationRecord = z.strictObject({
  kind: z.literal("federation"),
  ...jobFields,
  sites: list(z.string()),
  /** Which round's models are scored. */
  selection: z.enum(["last round", "best on validation"]),
  rounds: roundsSchema,
  scores: scoresSchema,
  /** What all clients did in all rounds, in batches: the same on every machine. Older records do not tell. */
  work: z.strictObject({ steps: z.int(), forwards: z.int(), backwards: z.int() }).optional(),
  /** SHA-256 of the final models: equal hashes are equal bytes. */
  models: table(z.string()),
  diverged,
});

/** What each pass over a held-out site came to. */
export const epochsSchema = list(
  z.strictObject({ epoch: z.int(), cases: list(caseScore), telemetry: table(list(z.number())) }),
);

const adaptationRecord = z.strictObject({
  kind: z.literal("adaptation"),
  ...jobFields,
  /** The id of the federation whose models were used. */
  federation: z.string(),
  heldOut: z.string(),
  selection: z.literal("last epoch"),
  epochs: epochsSchema,
  diverged,
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
  /** SHA-256 of the record's file; a release has a manifest instead. */
  sha256: z.string().optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;
