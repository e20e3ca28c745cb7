import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { splitModeSchema } from "../data/set/splits";
import { taskSchema, type Task } from "../data/task/task";
import { readConfig } from "../io/config";
import { plainName } from "../io/plain-name";
import { configIds, configPath, likeOf } from "./paths";
import {
  selectionSchema,
  settingsSchema,
  streamAxisSchema,
  streamSchema,
  trainingAxisSchema,
  withVariations,
  type Settings,
} from "./variations";

const methodChoice = z.strictObject({
  id: plainName,
  /** Tells the same method with other parameters apart, in file names and tables. */
  variant: plainName.optional(),
  params: z.record(z.string(), z.unknown()).default({}),
});
/** A training-time method, what its run changes of the profile, and whether its models are scored at sites that they never met, too. */
const insideChoice = methodChoice.extend({ settings: settingsSchema.optional(), elsewhere: z.boolean().optional() });
/** A test-time method, how it gets the images, and the training-time method whose models it meets, where that is another than the experiment's. */
const outsideChoice = methodChoice.extend({
  settings: streamSchema.optional(),
  train: methodChoice
    .omit({ variant: true })
    .extend({ settings: z.strictObject({ selection: selectionSchema }).optional() })
    .optional(),
});
const count = z.int().positive();

export const profileSchema = z.strictObject({
  id: plainName,
  purpose: z.string(),
  data: z.strictObject({
    /** `phantom`, or the folder of real data relative to the project: it holds a folder for each set. */
    source: z.string(),
    seed: z.int().default(0),
    side: count.multipleOf(16).describe("pixels per side; the U-Net halves it four times"),
    casesPerSite: z.union([count.min(3), z.literal("real")]).default("real"),
    /** Photographs of each site of the fundus phantom (default: as `casesPerSite`). */
    imagesPerSite: z.union([count.min(3), z.literal("real")]).optional(),
    slices: count.min(3).default(12),
    reading: z.enum(["published", "intended"]),
    /** Which cases train, validate and test (default: the official lists where a site is complete, otherwise by lot). */
    split: splitModeSchema.optional(),
  }),
  net: z.strictObject({ features: count }),
  training: z.strictObject({
    rounds: count,
    batch: count,
    localEpochs: count,
    selection: selectionSchema,
    optimiser: z.strictObject({ kind: z.enum(["adam", "adam-amsgrad", "sgd"]), learningRate: z.number().positive() }),
    /** Who takes part, for how long, and how much each client counts: see lib/federation/round/protocol.ts (default: all alike). */
    protocol: z
      .strictObject({
        fraction: z.number().gt(0).max(1).optional(),
        dropped: z.number().min(0).lt(1).optional(),
        epochs: z.record(plainName, count).optional(),
        weights: z.enum(["slices", "uniform"]).optional(),
      })
      .optional(),
  }),
  adaptation: z.strictObject({ batch: count, epochs: count, order: streamSchema.shape.order }),
  seeds: z.array(z.int().nonnegative()).min(1),
});

const headFields = {
  id: plainName,
  /** Where an experiment stands in reports; changes no number. */
  order: z.int().default(100),
  question: z.string(),
};
/** Which tables are drawn beside that of the scores. */
const shown = z.enum(["ranks", "controls", "ablation", "convergence", "cost"]);

const experimentFields = {
  ...headFields,
  task: z.string(),
  methods: z.array(methodChoice).min(1),
  /** By profile the entries that are not run there, by id or variant (`global,federation.rsc` with a federation of its own); `all`: it is no experiment of that profile (default: none). */
  leavesOut: z.record(plainName, z.union([z.literal("all"), z.array(z.string())])).optional(),
  /** The entry of `methods` that reports compare with the others (default: the last); changes no number. */
  reference: z.strictObject({ method: z.string(), variant: z.string().optional() }).optional(),
};

const experimentSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("inside"),
      ...experimentFields,
      methods: z.array(insideChoice).min(1),
      /** Settings and parameters along which entries are run again. */
      vary: z.array(trainingAxisSchema).optional(),
      /** Default: ranks. */
      shows: shown.optional(),
      /** What every run changes of the profile's training, unless its entry says otherwise. */
      settings: settingsSchema.optional(),
      /** Whether jobs run one after the other, so that their times can be compared. */
      alone: z.boolean().optional(),
      /** Whether free parameters are those that validation chose at the profile (npx iopfl tune), where it was asked. */
      tuned: z.boolean().optional(),
    }),
    z.strictObject({
      kind: z.literal("outside"),
      ...experimentFields,
      methods: z.array(outsideChoice).min(1),
      /** Settings of the stream and parameters along which entries are run again. */
      vary: z.array(streamAxisSchema).optional(),
      /** The training-time method whose models meet at the held-out site. */
      federation: methodChoice,
      /** The outside experiment whose federations these are, so that they are trained once and lie among its records (default: its own). */
      federationsOf: plainName.optional(),
    }),
    /** Another look at the runs of an inside experiment: it runs and records nothing of its own. */
    z.strictObject({ kind: z.literal("view"), ...headFields, of: plainName, shows: shown }),
  ])
  .superRefine((experiment, context) => {
    if (experiment.kind === "view") return;
    const { methods, reference } = experiment;
    if (reference === undefined || methods.some((entry) => isReference(entry, reference))) return;
    const known = methods.map(({ id, variant }) => (variant === undefined ? id : `${id} with variant ${variant}`));
    const name = reference.variant === undefined ? "" : ` with variant ${reference.variant}`;
    const message = `"${reference.method}"${name} is not among the methods; use one of ${known.join(", ")}`;
    context.addIssue({ code: "custom", path: ["reference"], message });
  });

const isReference = ({ id, variant }: MethodChoice, reference: { method: string; variant?: string }) =>
  id === reference.method && variant === reference.variant;

type OutsideConfig = Extract<z.infer<typeof experimentSchema>, { kind: "outside" }>;

/** Whose models an outside entry meets, where they are others than the experiment's. */
export type TrainedBy = NonNullable<z.infer<typeof outsideChoice>["train"]>;
export type MethodChoice = z.infer<typeof methodChoice> & {
  /** Parameters that count as the entry's own beside its defaults, so that its name does not tell them. */
  readonly settled?: Readonly<Record<string, unknown>>;
};
/** An entry of an experiment of either kind. */
export type Entry = MethodChoice &
  Pick<z.infer<typeof insideChoice>, "elsewhere"> &
  Pick<z.infer<typeof outsideChoice>, "train"> & { readonly settings?: Settings };
export type { Task };
export type Profile = z.infer<typeof profileSchema>;
type WithEntries<Kind> = Kind extends unknown ? Omit<Kind, "methods"> & { readonly methods: readonly Entry[] } : never;
export type Experiment = WithEntries<Exclude<z.infer<typeof experimentSchema>, { kind: "view" }>> & {
  /** The experiment at whose runs this one takes another look. */
  readonly of?: string;
};

export const readTask = (id: string): Task => read("tasks", id, taskSchema);
export const readProfile = (id: string): Profile => read("profiles", id, profileSchema);
/** @throws WorkbenchError when it is unknown or not valid, or looks at one that it cannot look at */
export function readExperiment(id: string): Experiment {
  const experiment = readFile(id);
  if (experiment.kind === "outside") {
    assertFederationsOf(experiment);
    return { ...experiment, methods: withVariations(experiment.methods.map(named), experiment.vary ?? []) };
  }
  if (experiment.kind === "inside") {
    const { methods, settings, vary = [] } = experiment;
    const entries = methods
      .map(named)
      .map((entry) => (settings ? { ...entry, settings: { ...settings, ...entry.settings } } : entry));
    return { ...experiment, methods: withVariations(entries, vary) };
  }
  const { of, order, question, shows } = experiment;
  const seen = readFile(of).kind === "inside" ? readExperiment(of) : undefined;
  if (seen?.kind === "inside") return { ...seen, id, order, question, shows, of };
  throw new WorkbenchError(`configs/experiments/${id}.yaml: of: "${of}" is no inside experiment`, "name one that is");
}

/** An experiment as its file has it, or as that which it is like, on its own task. */
function readFile(id: string): z.infer<typeof experimentSchema> {
  const like = likeOf(id);
  if (!like) return read("experiments", id, experimentSchema);
  const { title } = readTask(like.task);
  const config = read("experiments", like.of, experimentSchema);
  return {
    ...config,
    id,
    question: config.question.replace(/\?.*$/s, `? ${title}`),
    ...(config.kind !== "view" && { task: like.task }),
  };
}

/** A variant is the name of its parameters, which need no other. */
const named = <Choice extends MethodChoice>(entry: Choice): Choice =>
  entry.variant === undefined ? entry : { ...entry, settled: entry.params, params: {} };

/** What tells a federation with settings of its own from the same method as the profile trains it. */
export const federationLabel = ({ selection }: NonNullable<TrainedBy["settings"]>): string | undefined =>
  selection === "validation" ? `selection=${selection}` : undefined;

/** @returns the variant under which the records of an entry tell it from its method as it is, and from the federation of the others */
export const variantOf = ({ variant, train }: Entry): string | undefined =>
  [variant, train && `federation.${train.id}`, federationLabel(train?.settings ?? {})]
    .filter((each) => each !== undefined)
    .join(",") || undefined;

/** @throws WorkbenchError when the federations that it shares are not those that it asks for */
function assertFederationsOf({ id, task, federation, federationsOf }: OutsideConfig): void {
  if (federationsOf === undefined) return;
  const other = readFile(federationsOf);
  const asked = JSON.stringify([task, federation]);
  if (other.kind === "outside" && JSON.stringify([other.task, other.federation]) === asked) return;
  throw new WorkbenchError(
    `configs/experiments/${id}.yaml: federationsOf: "${federationsOf}" has other federations, or none`,
    "name an outside experiment with the same task and federation",
  );
}

/** @returns the id of the experiment among whose records those of this one lie: its own, unless it looks at another's */
export const recordsOf = ({ id, of }: Pick<Experiment, "id" | "of">): string => of ?? id;

/** @returns the entry that an experiment's reports compare with the others: the one it names, or its last */
export function referenceOf({ methods, reference }: Experiment): MethodChoice {
  const named = reference && methods.find((entry) => isReference(entry, reference));
  return named ?? methods[methods.length - 1];
}

/** @returns every experiment in the order in which they are run and reported */
export function readExperiments(): Experiment[] {
  return configIds("experiments")
    .map(readExperiment)
    .sort((a, b) => a.order - b.order);
}

/** Results lie under the id: a copy that kept the other file's would write over its results. @throws WorkbenchError */
function read<Output extends { readonly id: string }>(
  folder: "tasks" | "profiles" | "experiments",
  id: string,
  schema: z.ZodType<Output>,
): Output {
  const name = `configs/${folder}/${id}.yaml`;
  const config = readConfig(configPath(folder, id), schema, name);
  if (config.id === id) return config;
  throw new WorkbenchError(
    `${name}: id: "${config.id}" is not the name of the file`,
    `write id: ${id}, or rename the file`,
  );
}
