import { join } from "node:path";
import { existsSync, readdirSync } from "node:fs";
import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { engineNames } from "../engine";
import { readConfig } from "../io/config";
import { configFolder } from "../records/paths";

const count = z.int().positive();
/** What is reached on a quiet machine; missing it is reported and fails nothing, since times depend on the machine. */
const target = z.strictObject({
  /** What it is asked of; other engines are measured without. */
  engine: z.enum(engineNames).default("tensorflow"),
  /** Of our time to PyTorch's. */
  ratio: z.number().positive().optional(),
  /** In the median. */
  milliseconds: z.number().positive().optional(),
  peakMegabytes: count.optional(),
});
const network = { side: count.multipleOf(16), features: count };
const sampling = {
  /** How often it is measured in each repetition, and how often before the first, uncounted. */
  samples: count.default(1),
  warmUp: count.default(2),
  target: target.optional(),
  /** Engines that would take hours. */
  tooSlowFor: z.array(z.string()).default([]),
};
const threads = z.array(count).default([1]);
/** So many processes of one thread each at the same work, as workers are at jobs: the time of a step while all are at it. */
const processes = z.array(count).default([]);

const caseSchema = z.discriminatedUnion("task", [
  z.strictObject({
    task: z.enum(["training", "inference"]),
    batch: count,
    ...network,
    threads,
    processes,
    ...sampling,
  }),
  z.strictObject({
    task: z.literal("routing"),
    experts: count.min(2),
    batch: count,
    ...network,
    threads,
    processes,
    ...sampling,
  }),
  z.strictObject({
    task: z.literal("round"),
    clients: count,
    /** Slices of each client. */
    train: count,
    validation: count,
    test: count,
    batch: count,
    ...network,
    /** Processes of one thread each that share the clients of the round. */
    workers: z.array(count).default([1]),
    ...sampling,
  }),
  z.strictObject({
    task: z.literal("experiment"),
    experiment: z.string(),
    profile: z.string(),
    workers: z.array(count),
    ...sampling,
  }),
  z.strictObject({ task: z.literal("report"), experiment: z.string(), profile: z.string(), ...sampling }),
  z.strictObject({ task: z.literal("kernel"), ...sampling }),
]);

const benchSchema = z.strictObject({
  purpose: z.string(),
  repetitions: count,
  /** Where PyTorch computes: `auto` takes a graphics card where there is one. */
  device: z.enum(["cpu", "auto"]).default("cpu"),
  /** Whether PyTorch is also measured with channels last, which the official code does not use. */
  channelsLast: z.boolean().default(false),
  cases: z.array(caseSchema).min(1),
  /** Whether the growth of cost is measured as well: see growth.yaml. */
  growth: z.boolean().default(false),
});

export type BenchConfig = z.infer<typeof benchSchema>;
export type CaseConfig = z.infer<typeof caseSchema>;
export type NetworkCase = Extract<CaseConfig, { task: "training" | "inference" | "routing" }>;
export type RoundCase = Extract<CaseConfig, { task: "round" }>;

/** Reads `configs/bench/<id>.yaml`. @throws WorkbenchError that lists the known ids */
export function readBench(id: string): BenchConfig {
  return readBenchFile(id, benchSchema);
}

/** Reads a file of `configs/bench` by another schema. */
export function readBenchFile<Schema extends z.ZodType>(id: string, schema: Schema): z.output<Schema> {
  const folder = join(configFolder, "bench");
  const path = join(folder, `${id}.yaml`);
  if (!existsSync(path)) {
    const known = existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(".yaml"))
          .map((file) => file.slice(0, -".yaml".length))
      : [];
    throw new WorkbenchError(`there is no configs/bench/${id}.yaml`, `use one of ${known.join(", ")}`);
  }
  return readConfig(path, schema, `configs/bench/${id}.yaml`);
}
