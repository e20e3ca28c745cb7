import { z } from "zod";
import { readBenchFile } from "./config";

const count = z.int().positive();

/** What is made larger. Slices are those of each client's training; the others go with them in proportion. */
export const growthSizes = ["rounds", "clients", "slices", "side", "experts", "workers"] as const;
export type GrowthSize = (typeof growthSizes)[number];

const growthSchema = z.strictObject({
  purpose: z.string(),
  repetitions: count,
  base: z.strictObject({
    side: count.multipleOf(16),
    features: count,
    batch: count,
    clients: count,
    train: count,
    validation: count,
    test: count,
    experts: count.min(2),
    rounds: count,
  }),
  series: z.array(
    z.strictObject({
      over: z.enum(growthSizes),
      values: z.array(count).min(2),
      exponent: z.tuple([z.number(), z.number()]),
    }),
  ),
  memory: z.strictObject({ rounds: count, every: count }),
});

export type GrowthConfig = z.infer<typeof growthSchema>;
export type GrowthSeries = GrowthConfig["series"][number];

/** Reads `configs/bench/growth.yaml`. */
export const readGrowth = (id = "growth"): GrowthConfig => readBenchFile(id, growthSchema);
