import type { Experiment, Profile, Task } from "../../records/config";
import type { EngineName } from "../../engine";
import type { FoundRecord } from "../../records/found";
import { readOwnRecords } from "../../records/read";
import { runApart } from "./run-apart";

/** Every line of a method runs in so many rounds of training, and in one pass of adaptation. */
export const shortRounds = 2;

interface ShortRun {
  readonly experiment: Experiment;
  readonly profile: Profile;
  readonly task: Task;
  readonly engine: EngineName;
  readonly signal?: AbortSignal;
}

/**
 * The first rounds of one seed of every method of an experiment, and where sites are held out a pass at the first of them, by the code that lies
 * here. @returns their records; of a stopped run those that were finished
 */
export async function shortRun({
  experiment,
  profile,
  task,
  engine,
  signal,
}: ShortRun): Promise<readonly FoundRecord[]> {
  const { training, adaptation } = profile;
  const short: Profile = {
    ...profile,
    training: { ...training, rounds: Math.min(shortRounds, training.rounds) },
    adaptation: { ...adaptation, epochs: 1 },
    seeds: profile.seeds.slice(0, 1),
  };
  const site = experiment.kind === "outside" ? ["--only", `site=${task.sites[0]}`] : [];
  return runApart(async ({ results, iopfl }) => {
    await iopfl(["run", experiment.id, "--profile", profile.id, "--engine", engine, "--quiet", ...site], signal);
    return readOwnRecords(profile.id, experiment.id, results).records;
  }, short);
}
