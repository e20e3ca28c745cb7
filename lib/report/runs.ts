import { variantOf, type Experiment, type Profile, type Task } from "../records/config";
import type { RunRecord } from "../records/schema";
import { isFederation, labelOf } from "./cases";
import { groupBy } from "./strata";

/** A run that fills a row of an experiment's table: of one method and seed, and of one held-out site where the experiment has them. */
interface Run {
  readonly label: string;
  readonly seed: number;
  readonly site?: string;
}

/** What an experiment asks for at a profile, against what there is. */
export interface Progress {
  readonly expected: number;
  readonly found: number;
  /** What is missing, a line for each method. */
  readonly missing: readonly string[];
}

/** Runs that are named one by one; of more, how many. */
const named = 6;

/** Names what is missing of an experiment. Runs that diverged are there. */
export function progressOf(
  experiment: Experiment,
  task: Task,
  profile: Profile,
  records: readonly RunRecord[],
): Progress {
  const sites = experiment.kind === "inside" ? [undefined] : task.sites;
  const runs = experiment.methods.flatMap((entry): Run[] => {
    const label = labelOf({ method: entry.id, variant: variantOf(entry) });
    return sites.flatMap((site) => profile.seeds.map((seed) => ({ label, seed, site })));
  });
  const held = new Set(records.map((record) => keyOf(runOf(record))));
  const missing = runs.filter((run) => !held.has(keyOf(run)));
  const lines = groupBy(missing, ({ label }) => label).map((of) => {
    const all = runs.filter(({ label }) => label === of[0].label).length;
    if (of.length === all) return `${of[0].label}: not run yet`;
    const names = of
      .slice(0, named)
      .map(({ site, seed }) => (site === undefined ? `seed ${seed}` : `${site} (seed ${seed})`));
    return `${of[0].label}: ${of.length} of ${all} runs are missing: ${names.join(", ")}${of.length > named ? ", ..." : ""}`;
  });
  return { expected: runs.length, found: runs.length - missing.length, missing: lines };
}

const runOf = (record: RunRecord): Run => ({
  label: labelOf(record),
  seed: record.seed,
  site: isFederation(record) ? undefined : record.heldOut,
});

const keyOf = ({ label, seed, site }: Run) => JSON.stringify([label, seed, site ?? null]);
