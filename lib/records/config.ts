import { z } from "zod";
import { imageSetNames } from "../data/sets/image-set-names";
import { splitModeSchema } from "../data/set/splits";
import { readConfig } from "../io/config";
import { configIds, configPath } from "./paths";

const methodChoice = z.strictObject({
  id: z.string(),
  /** Tells the same method with other parameters apart, in file names and tables. */
  variant: z
    .string()
    .regex(/^[a-z0-9][\w-]*$/i, "letters, digits, - and _")
    .optional(),
  params: z.record(z.string(), z.unknown()).default({}),
});
const count = z.int().positive();

const taskSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Which collection of images: how its files lie, and what its classes mean. */
  set: z.enum(imageSetNames).default("prostate"),
  sites: z.array(z.string()).min(2),
  classes: z.int().min(2),
  inChannels: count,
});

export const profileSchema = z.strictObject({
  id: z.string(),
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
    optimiser: z.strictObject({ kind: z.enum(["adam", "adam-amsgrad", "sgd"]), learningRate: z.number().positive() }),
  }),
  adaptation: z.strictObject({ batch: count, epochs: count }),
  seeds: z.array(z.int().nonnegative()).min(1),
});

/** Where an experiment stands in reports; changes no number. */
const order = z.int().default(100);

const experimentSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    id: z.string(),
    order,
    question: z.string(),
    kind: z.literal("inside"),
    task: z.string(),
    methods: z.array(methodChoice).min(1),
  }),
  z.strictObject({
    id: z.string(),
    order,
    question: z.string(),
    kind: z.literal("outside"),
    task: z.string(),
    /** The training-time method whose models meet at the held-out site. */
    federation: methodChoice,
    methods: z.array(methodChoice).min(1),
  }),
]);

export type MethodChoice = z.infer<typeof methodChoice>;
export type Task = z.infer<typeof taskSchema>;
export type Profile = z.infer<typeof profileSchema>;
export type Experiment = z.infer<typeof experimentSchema>;

export const readTask = (id: string): Task => read("tasks", id, taskSchema);
export const readProfile = (id: string): Profile => read("profiles", id, profileSchema);
export const readExperiment = (id: string): Experiment => read("experiments", id, experimentSchema);

/** @returns every experiment in the order in which they are run and reported */
export function readExperiments(): Experiment[] {
  return configIds("experiments")
    .map(readExperiment)
    .sort((a, b) => a.order - b.order);
}

function read<Output>(folder: "tasks" | "profiles" | "experiments", id: string, schema: z.ZodType<Output>): Output {
  return readConfig(configPath(folder, id), schema, `configs/${folder}/${id}.yaml`);
}
