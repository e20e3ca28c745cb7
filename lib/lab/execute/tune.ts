import { dirname } from "node:path";
import { stringify } from "yaml";
import { writeAtomic, makeWritable } from "../../io/atomic";
import { readTuned, tunedPath, type Tuned } from "../../records/tuned";
import type { RunRecord } from "../../records/schema";
import { chooseParams } from "../plan/choose-params";
import { planTuning } from "../plan/plan-tuning";
import { runPlan, type ExperimentOptions } from "./run-experiment";

export interface TuningOutcome {
  readonly tuned: Tuned;
  readonly path: string;
  readonly computed: number;
  readonly reused: number;
}

/**
 * Runs what is missing of the grids of an experiment, and writes what validation chose to configs/tuned/<task>.<profile>.yaml: what it chose, and
 * every point with its score. Stopped, the same command goes on. Test cases are out of reach of its runs.
 * @throws WorkbenchError as `planTuning` and `runPlan`
 */
export async function tune(id: string, options: ExperimentOptions): Promise<TuningOutcome> {
  const { plan, points, seed, rounds } = await planTuning(id, options);
  const outcome = await runPlan(plan, options);
  const records = new Map<string, RunRecord>(plan.jobs.map(({ name }, index) => [name, outcome.records[index]]));
  const known = readTuned(plan.task.id, plan.profile.id);
  // Methods that were named alone leave what was chosen for others as it is.
  const others = known?.seed === seed && known.rounds === rounds ? known.methods : {};
  const methods = { ...others, ...chooseParams(points, records) };
  const tuned: Tuned = { task: plan.task.id, profile: plan.profile.id, seed, rounds, engine: outcome.engine, methods };
  const path = tunedPath(tuned.task, tuned.profile);
  makeWritable(dirname(path));
  writeAtomic(path, `${heading(id, plan.profile.id)}${stringify(tuned, { aliasDuplicateObjects: false })}`);
  return { tuned, path, computed: outcome.computed, reused: outcome.reused };
}

const heading = (
  id: string,
  profile: string,
) => `# What validation chose, and from what: made by npx iopfl tune ${id} --profile ${profile}. Dice: mean over clients of the mean over
# validation cases, of one run with a seed that no table reports; null: the run diverged. Equal scores: the first point, the default.
`;
