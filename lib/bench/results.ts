import { z } from "zod";
import { percentile } from "../core/percentile";
import type { BenchCase } from "./cases";
import type { Entrant } from "./contest";
import { growthResultSchema, memoryResultSchema } from "./growth-result";

const measured = z.number().nullable();

const sideResult = z.strictObject({
  id: z.string(),
  label: z.string(),
  version: z.string(),
  device: z.string(),
  threads: z.int(),
  /** Milliseconds of one sample. */
  median: z.number(),
  /** Between the quartiles. */
  spread: z.number(),
  smallest: z.number(),
  /** Of processor time in one sample, over all threads: what contention disturbs least. */
  cpu: measured,
  peakMegabytes: measured,
  samples: z.array(z.number()),
  /** Its median divided by the reference's. */
  ratio: measured,
  reference: z.boolean(),
});

const caseResult = z.strictObject({
  id: z.string(),
  task: z.string(),
  target: z
    .strictObject({
      ratio: z.number().optional(),
      milliseconds: z.number().optional(),
      peakMegabytes: z.number().optional(),
    })
    .optional(),
  sides: z.array(sideResult),
  /** Largest difference of what the sides computed in their warm-up, relative; null where they draw other random numbers. */
  difference: measured,
  /** Load of the machine before and after. */
  load: z.tuple([z.number(), z.number()]),
});

export type SideResult = z.infer<typeof sideResult>;
export type CaseResult = z.infer<typeof caseResult>;
export const caseResultSchema = caseResult;

export const benchResultSchema = z.strictObject({
  schema: z.literal(1),
  profile: z.string(),
  engine: z.string(),
  finished: z.string(),
  commit: z.string(),
  hardware: z.strictObject({
    processor: z.string(),
    cores: z.int(),
    memoryGigabytes: z.number(),
    platform: z.string(),
    node: z.string(),
  }),
  torch: z.string(),
  repetitions: z.int(),
  cases: z.array(caseResult),
  /** Cases that could not be measured. */
  failed: z.array(z.string()),
  growth: z.array(growthResultSchema).optional(),
  memory: memoryResultSchema.optional(),
});
export type BenchResult = z.infer<typeof benchResultSchema>;

/** @param load of the machine before and after */
export function summarise(
  { id, config, comparable }: BenchCase,
  entrants: readonly Entrant[],
  load: readonly [number, number],
): CaseResult {
  const reference = entrants.find(({ side }) => side.reference);
  const base = reference && percentile(samplesOf(reference), 0.5);
  const sides = entrants.map((entrant): SideResult => {
    const { side, facts, repetitions, peakMegabytes } = entrant;
    const samples = samplesOf(entrant);
    const median = percentile(samples, 0.5);
    const cpu = (1000 * repetitions.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)) / samples.length;
    return {
      id: side.id,
      label: side.label,
      version: facts.version,
      device: facts.device,
      threads: facts.threads,
      median: rounded(median),
      spread: rounded(percentile(samples, 0.75) - percentile(samples, 0.25)),
      smallest: rounded(Math.min(...samples)),
      cpu: known(cpu),
      peakMegabytes: known(peakMegabytes),
      samples: samples.map((sample) => rounded(sample)),
      ratio: base && side !== reference?.side ? known(median / base, 3) : null,
      reference: side.reference,
    };
  });
  const { engine, ...target } = config.target ?? {};
  return {
    id,
    task: config.task,
    target: engine && target,
    sides,
    difference: comparable ? differenceOf(entrants) : null,
    load: [...load],
  };
}

/** Milliseconds. */
function samplesOf({ repetitions }: Entrant): number[] {
  return repetitions.flatMap(({ seconds }) => seconds.map((each) => 1000 * each));
}

/** Warm-ups on both sides computed the same up to rounding, so that the times compare. On a card PyTorch rounds factors to ten bits (TF32). */
export function doesSameWork({ sides, difference }: CaseResult): boolean {
  const onCard = sides.some(({ reference, device }) => reference && device !== "CPU");
  return difference === null || difference <= (onCard ? 1e-3 : 1e-4);
}

function differenceOf(entrants: readonly Entrant[]): number | null {
  const [first, ...others] = entrants.map(({ facts }) => facts.check);
  if (others.length === 0) return null;
  return Math.max(
    ...others.flatMap((check) => check.map((value, index) => Math.abs(value - first[index]) / Math.abs(first[index]))),
  );
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
const known = (value: number, digits = 1): number | null => (Number.isFinite(value) ? rounded(value, digits) : null);
