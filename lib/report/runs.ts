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
  /** What is missing, a line for methods that lack the same. */
  readonly missing: readonly string[];
}

/** Runs that are named one by one; of more, how many. */
const named = 6;

const notRun = "not run yet";

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
    if (of.length === all) return { label: of[0].label, lacks: notRun };
    const names = of
      .slice(0, named)
      .map(({ site, seed }) => (site === undefined ? `seed ${seed}` : `${site} (seed ${seed})`));
    const more = of.length > named ? ", ..." : "";
    return { label: of[0].label, lacks: `${of.length} of ${all} runs are missing: ${names.join(", ")}${more}` };
  });
  return {
    expected: runs.length,
    found: runs.length - missing.length,
    missing: groupBy(lines, ({ lacks }) => lacks).map(told),
  };
}

/** Methods that lack the same, in one line. */
const told = (of: readonly { readonly label: string; readonly lacks: string }[]): string =>
  `${of.map(({ label }) => label).join(", ")}: ${of.length > 1 && of[0].lacks !== notRun ? "each " : ""}${of[0].lacks}`;

const runOf = (record: RunRecord): Run => ({
  label: labelOf(record),
  seed: record.seed,
  site: isFederation(record) ? undefined : record.heldOut,
});

const keyOf = ({ label, seed, site }: Run) => JSON.stringify([label, seed, site ?? null]);
