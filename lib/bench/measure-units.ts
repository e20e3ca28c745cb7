import type { EngineName } from "../engine";
import type { Profile } from "../records/config";
import { contest } from "./contest";
import { startOwn } from "./own-side";
import { startParallel } from "./parallel-side";
import type { Repetition, Side } from "./side";
import type { UnitCosts } from "./sizing";
import { plainTask, type OwnTask } from "./task";

export interface UnitOptions {
  readonly engine: EngineName;
  readonly cores: number;
  readonly repetitions: number;
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
}

/** Slices of the measured evaluations and rounds: enough for whole batches. */
const slices = 64;
/** Training steps of every process when all cores are at work. */
const steps = 16;
/** Five personal models and the global one: the largest bank of the two tasks. */
const experts = 6;

/** Measures what the parts of all jobs cost at a profile's size, on one thread, and what they cost when all cores are at work. */
export async function measureUnits(
  { data: { side }, net: { features }, training, adaptation }: Profile,
  { engine, cores, repetitions, signal, onProgress }: UnitOptions,
): Promise<UnitCosts> {
  const base: OwnTask = { ...plainTask, engine, side, features, batch: training.batch, experts };
  const federation = { clients: 2, train: slices, validation: slices / 4, test: 0 };
  const tasks: Readonly<Record<string, OwnTask>> = {
    step: base,
    smallStep: { ...base, batch: adaptation.batch },
    routing: { ...base, task: "routing", batch: adaptation.batch },
    predict: { ...base, task: "inference", batch: slices / 4 },
    validate: { ...base, task: "validation", test: slices },
    evaluate: { ...base, task: "evaluation", test: slices },
    round: { ...base, ...federation, task: "round" },
  };
  onProgress("unit costs");
  const sideOf = (id: string, start: Side["start"]): Side => ({ id, label: id, reference: false, start });
  const entrants = await contest(
    Object.entries(tasks).map(([id, task]) => sideOf(id, (stop) => startOwn(task, stop))),
    { repetitions, samples: 4, signal, onRepetition: () => undefined },
  );
  const seconds = Object.fromEntries(entrants.map(({ side: { id }, repetitions: done }) => [id, least(done)]));
  const [predict, validate, evaluate] = [
    seconds.predict / (slices / 4),
    seconds.validate / slices,
    seconds.evaluate / slices,
  ];
  const { clients, train, validation } = federation;
  const parts = clients * (Math.ceil(train / training.batch) * seconds.step + 2 * validation * validate);

  onProgress(`${cores} processes at once`);
  const [one, all] = await contest(
    [1, cores].map((workers) => sideOf(String(workers), (stop) => startParallel(base, workers, stop))),
    { repetitions, samples: steps, signal, onRepetition: () => undefined },
  );
  const contention = (cores * least(all.repetitions)) / least(one.repetitions);
  return {
    step: seconds.step,
    smallStep: seconds.smallStep,
    routing: seconds.routing,
    predict,
    validate,
    evaluate,
    overhead: Math.max(1, seconds.round / parts),
    contention: Math.max(1, contention),
  };
}

/** The least disturbed sample: other work on the machine only ever adds time. */
function least(repetitions: readonly Repetition[]): number {
  return Math.min(...repetitions.flatMap(({ seconds }) => seconds));
}
