import type { Part } from "../data/set/types";
import type { Profile } from "../records/config";
import type { InsideCost, OutsideCost, SizingConfig } from "./sizing-config";

/** Seconds of one process with one thread, and how much longer everything takes when every core has one. */
export interface UnitCosts {
  /** A gradient step on a training batch, and on a test-time batch. */
  readonly step: number;
  readonly smallStep: number;
  readonly routing: number;
  /** Of one slice: predicted; predicted and scored by Dice; with surface distances as well. */
  readonly predict: number;
  readonly validate: number;
  readonly evaluate: number;
  /** Of a measured federated round over the sum of its parts: uploads, averages, what else there is. */
  readonly overhead: number;
  /** Time of the same work per process when all cores are busy, over that when one is. */
  readonly contention: number;
}

/** Slices of every site of a task, part by part. */
export type SliceCounts = Readonly<Record<string, Readonly<Record<Part, number>>>>;

export interface SizingRow {
  readonly group: string;
  readonly id: string;
  readonly jobs: number;
  /** Of one core. */
  readonly hours: number;
}

export interface Sizing {
  readonly rows: readonly SizingRow[];
  /** Of one core that is not disturbed. */
  readonly coreHours: number;
  /** On the configured number of cores. */
  readonly hours: number;
}

/** Adds up what all committed results cost, job by job. */
export function sizeUp(
  config: SizingConfig,
  profile: Profile,
  tasks: Readonly<Record<string, SliceCounts>>,
  units: UnitCosts,
): Sizing {
  const seeds = profile.seeds.length;
  const rows: SizingRow[] = [];
  const add = (group: string, id: string, jobs: number, seconds: number) =>
    rows.push({ group, id, jobs, hours: seconds / 3600 });
  for (const task of config.tasks) {
    const counts = tasks[task];
    const sites = Object.keys(counts);
    for (const method of config.inside)
      add(`inside ${task}`, method.id, seeds, seeds * federationSeconds(method, profile, counts, sites, units));
    const leftOut = (cost: (heldOut: string, others: readonly string[]) => number) =>
      seeds *
      sites.reduce(
        (sum, site) =>
          sum +
          cost(
            site,
            sites.filter((other) => other !== site),
          ),
        0,
      );
    const jobs = seeds * sites.length;
    add(
      `outside ${task}`,
      `federations (${config.federation.id})`,
      jobs,
      leftOut((_, others) => federationSeconds(config.federation, profile, counts, others, units)),
    );
    for (const method of config.outside)
      add(
        `outside ${task}`,
        method.id,
        jobs,
        leftOut((heldOut, others) => outsideSeconds(method, profile, counts, heldOut, others, units)),
      );
    if (task !== config.ablations.task) continue;
    for (const { runs, ...method } of config.ablations.inside)
      add(
        `ablations ${task}`,
        method.id,
        runs * seeds,
        runs * seeds * federationSeconds(method, profile, counts, sites, units),
      );
    for (const { runs, ...method } of config.ablations.outside) {
      add(
        `ablations ${task}`,
        method.id,
        runs * jobs,
        runs * leftOut((heldOut, others) => outsideSeconds(method, profile, counts, heldOut, others, units)),
      );
    }
  }
  const coreHours = rows.reduce((sum, { hours }) => sum + hours, 0);
  return { rows, coreHours, hours: (coreHours * units.contention) / config.cores };
}

/** One federation: its rounds with their validation, and the scores of its last models. */
export function federationSeconds(
  { steps, models }: Pick<InsideCost, "steps" | "models">,
  { training }: Profile,
  counts: SliceCounts,
  sites: readonly string[],
  units: UnitCosts,
): number {
  const { batch, localEpochs, rounds } = training;
  const over = (cost: (site: SliceCounts[string]) => number) =>
    sites.reduce((sum, site) => sum + cost(counts[site]), 0);
  const round = over(
    ({ train, validation }) =>
      Math.ceil(train / batch) * localEpochs * steps * units.step + validation * models * units.validate,
  );
  return (
    rounds * round * units.overhead + over(({ validation, test }) => (validation + test) * models * units.evaluate)
  );
}

/** One method at one held-out site: its own federation if it needs one, its passes, and the scores of each pass. */
export function outsideSeconds(
  method: OutsideCost,
  profile: Profile,
  counts: SliceCounts,
  heldOut: string,
  others: readonly string[],
  units: UnitCosts,
): number {
  const { batch, epochs: granted } = profile.adaptation;
  const { train, validation, test } = counts[heldOut];
  const slices = train + validation + test;
  const batches = Math.ceil(slices / batch);
  const pass =
    batches * (method.steps * units.smallStep + method.routing * units.routing) +
    slices * (method.predictions * units.predict + units.evaluate - units.predict);
  const own = method.federation
    ? federationSeconds({ steps: method.federation, models: 1 }, profile, counts, others, units)
    : 0;
  return own + (method.epochs === "once" ? 1 : granted) * pass;
}
