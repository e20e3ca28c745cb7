import { describeError, Interrupted, WorkbenchError } from "../core/errors";
import type { Json } from "../core/hash";
import type { EngineName } from "../engine";
import { codeVersion } from "../lab/jobs/provenance";
import { planCases, type BenchCase } from "./cases";
import { readBench } from "./config";
import { contest } from "./contest";
import { measureGrowth, measureMemory, type GrowthOptions } from "./growth";
import { readGrowth } from "./growth-config";
import { describeHardware, loadAverage } from "./hardware";
import { openPartial } from "./partial";
import { doesSameWork, summarise, type BenchResult, type CaseResult } from "./results";
import { findTorch } from "./torch";

export interface BenchOptions {
  /** A file of `configs/bench`. */
  readonly profile: string;
  readonly engine: EngineName;
  readonly python?: string;
  /** The folder of another checkout, to be measured against in place of PyTorch. */
  readonly against?: string;
  /** Only cases whose id has this in it; `growth` for the growth of cost alone. */
  readonly only?: string;
  /** In place of the configured number. */
  readonly repetitions?: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BenchProgress) => void;
  readonly log: (line: string) => void;
}

export interface BenchProgress {
  readonly case: string;
  readonly done: number;
  readonly cases: number;
  readonly secondsLeft: number | undefined;
}

async function measureAllGrowth(options: GrowthOptions): Promise<Pick<BenchResult, "growth" | "memory">> {
  const config = readGrowth();
  return { growth: await measureGrowth(config, options), memory: await measureMemory(config, options) };
}

interface Measuring extends Pick<BenchOptions, "signal" | "log"> {
  readonly repetitions: number;
  readonly onRepetition: () => void;
}

/** @returns nothing for a case that fails: the others are measured all the same */
async function measure(
  each: BenchCase,
  { repetitions, signal, log, onRepetition }: Measuring,
): Promise<CaseResult | undefined> {
  const load = loadAverage();
  try {
    const entrants = await contest(each.sides, {
      repetitions,
      samples: each.config.samples,
      signal,
      onRepetition() {
        onRepetition();
        if (signal.aborted) throw new Interrupted("the benchmark");
      },
    });
    const result = summarise(each, entrants, [load, loadAverage()]);
    if (!doesSameWork(result))
      log(
        `${each.id}: the sides compute different numbers (off by ${result.difference?.toExponential(1)}): the times do not compare`,
      );
    return result;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    log(`${each.id} failed and is left out: ${describeError(error)}`);
    return undefined;
  }
}

/** Measures every case of a profile. An interrupted run goes on where it was. */
export async function runBench({
  profile,
  engine,
  python,
  against,
  only,
  signal,
  onProgress,
  log,
  ...given
}: BenchOptions): Promise<BenchResult> {
  const config = readBench(profile);
  const repetitions = given.repetitions ?? config.repetitions;
  const { torch, why } = against ? { torch: undefined, why: `against ${against}` } : findTorch(python);
  log(why);
  const all = planCases({ ...config, repetitions }, engine, { torch, against });
  const cases = all.filter(({ id }) => only === undefined || id.includes(only));
  const grow = config.growth && (only === undefined || only === "growth");
  if (cases.length === 0 && !grow)
    throw new WorkbenchError(
      `no case of ${profile} has "${only}" in its name`,
      `they are: ${all.map(({ id }) => id).join("; ")}`,
    );
  const partial = openPartial(`${profile}-${engine}`, {
    config,
    repetitions,
    torch: torch?.version ?? null,
    against: against ?? null,
    hardware: describeHardware(),
  } as unknown as Json);

  const total = cases.reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0);
  const results: CaseResult[] = [];
  const failed: string[] = [];
  const started = performance.now();
  let behind = 0;
  let found = 0;
  for (const [index, each] of cases.entries()) {
    const before = partial.get(each.id);
    if (before) {
      results.push(before);
      found += each.expectedSeconds;
      behind += each.expectedSeconds;
      continue;
    }
    let turns = 0;
    const report = () => {
      const done = behind + (each.expectedSeconds * turns) / (repetitions * each.sides.length);
      const speed = (done - found) / ((performance.now() - started) / 1000);
      onProgress({
        case: each.id,
        done: index,
        cases: cases.length,
        secondsLeft: speed > 0 ? (total - done) / speed : undefined,
      });
    };
    report();
    const result = await measure(each, { repetitions, signal, log, onRepetition: () => (turns++, report()) });
    behind += each.expectedSeconds;
    if (!result) {
      failed.push(each.id);
      continue;
    }
    partial.put(result);
    results.push(result);
  }
  if (results.length === 0 && cases.length > 0) throw new WorkbenchError("every case failed", "see above");
  const growth = grow ? await measureAllGrowth({ engine, signal, onProgress: log }) : {};
  if (only === undefined && failed.length === 0) partial.forget();
  return {
    schema: 1,
    profile,
    engine,
    finished: new Date().toISOString(),
    commit: codeVersion(),
    hardware: describeHardware(),
    torch: torch?.version ?? "no torch",
    repetitions,
    cases: results,
    failed,
    ...growth,
  };
}
