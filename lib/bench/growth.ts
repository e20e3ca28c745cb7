import { availableParallelism } from "node:os";
import { percentile } from "../core/percentile";
import type { EngineName } from "../engine";
import { contest } from "./contest";
import { fitExponent, fitSlope } from "./fit";
import type { GrowthConfig, GrowthSeries, GrowthSize } from "./growth-config";
import type { GrowthResult, MemoryResult } from "./growth-result";
import { startOwn } from "./own-side";
import { startParallel } from "./parallel-side";
import type { Side } from "./side";
import { plainTask, type OwnTask } from "./task";

export interface GrowthOptions {
  readonly engine: EngineName;
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
}

/** Training steps of every worker in one repetition. */
const steps = 32;

/** Measures every series: all its sizes in turns, each in processes of its own. */
export async function measureGrowth(config: GrowthConfig, options: GrowthOptions): Promise<GrowthResult[]> {
  const results: GrowthResult[] = [];
  for (const series of config.series) {
    options.onProgress(`time against ${series.over}`);
    const result = await measureSeries(series, config, options);
    if (result) results.push(result);
  }
  return results;
}

/** @returns nothing where the machine has too few cores for two sizes */
async function measureSeries(
  { over, values, exponent: band }: GrowthSeries,
  { base, repetitions }: GrowthConfig,
  { engine, signal }: GrowthOptions,
): Promise<GrowthResult | undefined> {
  const sizes = values.filter((value) => over !== "workers" || value <= availableParallelism());
  if (sizes.length < 2) return undefined;
  const sides = sizes.map((value): Side => {
    const task = taskOf(over, value, base, engine);
    const start = (stop: AbortSignal) => (over === "workers" ? startParallel(task, value, stop) : startOwn(task, stop));
    return { id: String(value), label: `${value} ${over}`, reference: false, start };
  });
  const entrants = await contest(sides, {
    repetitions,
    samples: over === "workers" ? steps : 1,
    signal,
    onRepetition: () => undefined,
  });
  // The least disturbed repetition of each size: other work on the machine only ever adds time.
  const milliseconds = entrants.map(({ repetitions: done }) =>
    Number((1000 * Math.min(...done.flatMap(({ seconds }) => seconds))).toFixed(2)),
  );
  const exponent = Number(fitExponent(sizes, milliseconds).toFixed(3));
  const tensorsFlat = entrants.every(({ repetitions: done }) =>
    done.every(({ tensors }) => tensors === done[0].tensors),
  );
  return { over, sizes, milliseconds, exponent, band, within: exponent >= band[0] && exponent <= band[1], tensorsFlat };
}

function taskOf(over: GrowthSize, value: number, base: GrowthConfig["base"], engine: EngineName): OwnTask {
  const task: OwnTask = { ...plainTask, ...base, engine, warmUp: 2 };
  switch (over) {
    case "rounds":
    case "clients":
      return { ...task, task: "round", [over]: value };
    case "slices": {
      const share = value / base.train;
      return {
        ...task,
        task: "round",
        train: value,
        validation: Math.round(base.validation * share),
        test: Math.round(base.test * share),
      };
    }
    case "side":
      return { ...task, task: "training", side: value };
    case "experts":
      return { ...task, task: "routing", experts: value };
    case "workers":
      return { ...task, task: "training" };
  }
}

/**
 * Rounds of a very small federation, and what the process holds after every so many of them. The first half is left for caches to fill
 * and for the garbage collector to find its size.
 */
export async function measureMemory(
  { memory: { rounds, every } }: GrowthConfig,
  { engine, signal, onProgress }: GrowthOptions,
): Promise<MemoryResult> {
  onProgress(`memory over ${rounds} rounds`);
  const task: OwnTask = {
    ...plainTask,
    engine,
    task: "round",
    side: 16,
    features: 2,
    batch: 4,
    clients: 2,
    train: 4,
    validation: 2,
    test: 2,
    rounds: every,
    warmUp: 1,
  };
  const side: Side = { id: "rounds", label: "rounds", reference: false, start: (stop) => startOwn(task, stop) };
  const [{ repetitions }] = await contest([side], {
    repetitions: Math.ceil(rounds / every),
    samples: 1,
    signal,
    onRepetition: () => undefined,
  });
  const residentMegabytes = repetitions.map(({ residentMegabytes: megabytes = NaN }) => Math.round(megabytes));
  const half = Math.floor(residentMegabytes.length / 2);
  const later = residentMegabytes.slice(half);
  const at = later.map((_, index) => (index + half) * every);
  return {
    rounds,
    every,
    residentMegabytes,
    megabytesPerThousandRounds: Number((1000 * fitSlope(at, later)).toFixed(1)),
    tensors: [...new Set(repetitions.map(({ tensors = NaN }) => tensors))],
    millisecondsPerRound: Number(
      (
        (1000 *
          percentile(
            repetitions.flatMap(({ seconds }) => seconds),
            0.5,
          )) /
        every
      ).toFixed(1),
    ),
  };
}
