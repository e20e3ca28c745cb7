import type { EngineName } from "../engine";
import type { BenchConfig, CaseConfig, NetworkCase, RoundCase } from "./config";
import { startExperiment } from "./experiment-side";
import { startKernelLatency } from "./kernel-side";
import { startOwn } from "./own-side";
import { startParallel } from "./parallel-side";
import { startReport } from "./report-side";
import type { Side } from "./side";
import { plainTask, type OwnTask, type Task } from "./task";
import { startTorch, type Torch } from "./torch";

/** Sides that are measured in turns. */
export interface BenchCase {
  readonly id: string;
  readonly config: CaseConfig;
  readonly sides: readonly Side[];
  /** A rough guess, for the time that is left. */
  readonly expectedSeconds: number;
  /** Whether what the warm-up computed must be the same on all sides. */
  readonly comparable: boolean;
}

interface Contestants extends Pick<BenchConfig, "device" | "channelsLast" | "repetitions"> {
  readonly engine: EngineName;
  readonly torch: Torch | undefined;
  /** The folder of another checkout: its code is the reference in place of PyTorch. */
  readonly against?: string;
}

/** Floating-point operations that a core does in a second in a convolution, at about. */
const operationsPerSecond = 2e10;
/** What the official loop of a round is given: it is one process. */
const officialThreads = 2;

/** Expands a configuration: a case for each number of threads, with the targets of the engine. */
export function planCases(
  { cases, ...rest }: BenchConfig,
  engine: EngineName,
  { torch, against }: Pick<Contestants, "torch" | "against">,
): BenchCase[] {
  const contestants = { ...rest, engine, torch, against };
  const fitting = cases.filter(({ tooSlowFor }) => !tooSlowFor.includes(engine));
  return fitting.flatMap((config) =>
    expand(
      (config.target && config.target.engine !== engine) || against ? { ...config, target: undefined } : config,
      contestants,
    ),
  );
}

function expand(config: CaseConfig, contestants: Contestants): BenchCase[] {
  const { repetitions } = contestants;
  const times = config.warmUp + config.samples * repetitions;
  switch (config.task) {
    case "training":
    case "inference":
    case "routing":
      return threadsFor(config, contestants.engine).map((threads) => networkCase(config, threads, contestants, times));
    case "round":
      return [roundCase(config, contestants, times)];
    case "experiment": {
      const sides = config.workers.map((workers) =>
        own(
          `${workers}-workers`,
          `${workers} ${workers === 1 ? "worker" : "workers"}`,
          (signal) => startExperiment(config, contestants.engine, workers, signal),
          workers === config.workers[0],
        ),
      );
      return [
        {
          id: `experiment ${config.experiment}, profile ${config.profile}`,
          config,
          sides,
          expectedSeconds: 100 * repetitions * sides.length,
          comparable: false,
        },
      ];
    }
    case "report":
      return [
        {
          id: `report of profile ${config.profile}`,
          config,
          sides: [own("report", "report", (signal) => startReport(config, contestants.engine, signal))],
          expectedSeconds: 10 + 2 * times,
          comparable: false,
        },
      ];
    case "kernel":
      return [
        {
          id: "kernel, a trivial cell",
          config,
          sides: [own("cell", "cell with lib/notebook imported", startKernelLatency)],
          expectedSeconds: 5 + 0.1 * times,
          comparable: false,
        },
      ];
  }
}

/** WebAssembly has one thread; on a graphics card the number is PyTorch's alone. */
function threadsFor({ threads }: NetworkCase, engine: EngineName): readonly number[] {
  return threads.filter((count) => engine === "tensorflow" || engine === "webgpu" || count === 1);
}

function networkCase(
  config: NetworkCase,
  threads: number,
  { engine, torch, against, device, channelsLast }: Contestants,
  times: number,
): BenchCase {
  const { task: kind, batch, side, features, warmUp } = config;
  const task: Task = {
    ...plainTask,
    task: kind,
    batch,
    side,
    features,
    threads,
    warmUp,
    ...(config.task === "routing" && { experts: config.experts }),
  };
  const sides: Side[] = [own(engine, engine, (signal) => startOwn({ ...task, engine }, signal))];
  sides.push(...parallelSides({ ...task, threads: 1, engine }, config.processes));
  if (against)
    sides.push(own("other", "the other checkout", (signal) => startOwn({ ...task, engine }, signal, against), true));
  if (torch) {
    sides.push({
      id: "torch",
      label: "PyTorch",
      reference: true,
      start: (signal) => startTorch(torch, task, { device, channelsLast: false, tf32: true }, signal),
    });
    const alsoLast = channelsLast && kind !== "routing";
    if (alsoLast)
      sides.push({
        id: "torch-last",
        label: "PyTorch, channels last",
        reference: false,
        start: (signal) => startTorch(torch, task, { device, channelsLast: true, tf32: true }, signal),
      });
    if (device === "auto")
      sides.push({
        id: "torch-float32",
        label: "PyTorch, float32 throughout",
        reference: false,
        start: (signal) => startTorch(torch, task, { device, channelsLast: false, tf32: false }, signal),
      });
  }
  const passes = { inference: 1, training: 3, routing: 8 }[kind];
  const expectedSeconds =
    sides.length * (4 + (times * (passes * forwardOperations(batch, side, features))) / operationsPerSecond);
  const id = `${kind} ${batch}x${side}x${side}/${features}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  return { id, config, sides, expectedSeconds, comparable: kind !== "routing" };
}

function roundCase(config: RoundCase, { engine, torch }: Contestants, times: number): BenchCase {
  const { clients, train, validation, test, batch, side, features, warmUp } = config;
  const task: Task = { ...plainTask, task: "round", clients, train, validation, test, batch, side, features, warmUp };
  const counts = engine === "webgpu" ? [1] : config.workers; // two would only share the card
  const sides: Side[] = counts.map((workers) =>
    own(`${engine}-${workers}-workers`, `${engine}, ${workers} ${workers === 1 ? "worker" : "workers"}`, (signal) =>
      startOwn({ ...task, engine, helpers: workers - 1 }, signal),
    ),
  );
  if (torch) {
    const official: Task = { ...task, threads: officialThreads };
    sides.push({
      id: "torch",
      label: `PyTorch, ${officialThreads} threads`,
      reference: true,
      start: (signal) => startTorch(torch, official, { device: "cpu", channelsLast: false, tf32: true }, signal),
    });
  }
  const passes = clients * (3 * train + 2 * (validation + test));
  const expectedSeconds =
    sides.length * (4 + (2 * times * passes * forwardOperations(1, side, features)) / operationsPerSecond);
  return {
    id: `round of ${clients} clients, ${train}/${validation}/${test} slices ${side}x${side}/${features}`,
    config,
    sides,
    expectedSeconds,
    comparable: false,
  };
}

/** Processes at the same work at once, as the workers of an experiment are; on a graphics card they share it. */
function parallelSides(task: OwnTask, processes: readonly number[]): Side[] {
  const { engine } = task;
  return processes.map((count) =>
    own(`${engine}-x${count}`, `${engine}, ${count} processes`, (signal) => startParallel(task, count, signal)),
  );
}

function own(id: string, label: string, start: Side["start"], reference = false): Side {
  return { id, label, reference, start };
}

/** Of one forward pass: measured as 0.766e9 at 8x64x64 with 8 features, and proportional to pixels and to the square of features. */
function forwardOperations(batch: number, side: number, features: number): number {
  return 0.766e9 * (batch / 8) * (side / 64) ** 2 * (features / 8) ** 2;
}
