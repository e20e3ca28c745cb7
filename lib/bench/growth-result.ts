import { z } from "zod";
import { growthSizes } from "./growth-config";

export const growthResultSchema = z.strictObject({
  over: z.enum(growthSizes),
  sizes: z.array(z.number()),
  /** The least disturbed repetition of each size. */
  milliseconds: z.array(z.number()),
  /** p of `time = c size^p`. */
  exponent: z.number(),
  /** Where it was expected. */
  band: z.tuple([z.number(), z.number()]),
  within: z.boolean(),
  /** Whether every repetition left as many tensors as the one before. */
  tensorsFlat: z.boolean(),
});

export const memoryResultSchema = z.strictObject({
  rounds: z.int(),
  every: z.int(),
  /** After every so many rounds. */
  residentMegabytes: z.array(z.number()),
  /** Growth in the second half. */
  megabytesPerThousandRounds: z.number(),
  /** All numbers of live tensors that were seen: one, where nothing leaks. */
  tensors: z.array(z.number()),
  millisecondsPerRound: z.number(),
});

export type GrowthResult = z.infer<typeof growthResultSchema>;
export type MemoryResult = z.infer<typeof memoryResultSchema>;
