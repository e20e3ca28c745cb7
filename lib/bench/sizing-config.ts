import { z } from "zod";
import { readBenchFile } from "./config";

const count = z.int().positive();
const amount = z.number().nonnegative();

const inside = {
  id: z.string(),
  /** Gradient steps of plain training for each batch of a client. */
  steps: z.number().positive(),
  /** Models of a client that are predicted with and scored. */
  models: count,
};
const outside = {
  id: z.string(),
  /** Gradient steps of a federation of its own for each batch. */
  federation: z.number().positive().optional(),
  /** For each batch of the site that was held out, in each pass. */
  steps: amount.default(0),
  routing: amount.default(0),
  predictions: amount.default(0),
  /** `once`, or as many passes as the profile has. */
  epochs: z.enum(["once", "profile"]).default("profile"),
};

const sizingSchema = z.strictObject({
  purpose: z.string(),
  profile: z.string(),
  hours: z.number().positive(),
  cores: count,
  tasks: z.array(z.string()).min(1),
  repetitions: count,
  inside: z.array(z.strictObject(inside)).min(1),
  federation: z.strictObject(inside),
  outside: z.array(z.strictObject(outside)).min(1),
  ablations: z.strictObject({
    task: z.string(),
    inside: z.array(z.strictObject({ ...inside, runs: count })),
    outside: z.array(z.strictObject({ ...outside, runs: count })),
  }),
});

export type SizingConfig = z.infer<typeof sizingSchema>;
export type InsideCost = SizingConfig["inside"][number];
export type OutsideCost = SizingConfig["outside"][number];

/** Reads `configs/bench/sizing.yaml`. */
export const readSizing = (): SizingConfig => readBenchFile("sizing", sizingSchema);
