import { adjustmentArguments } from "./adjust";
import type { Job } from "./jobs";
import { propertiesOf, type ExperimentPlan } from "./plan-experiment";

/** @returns the command that runs a plan, or one of its jobs alone */
export function commandFor({ experiment, profile, engine, snapshots, adjustment }: ExperimentPlan, job?: Job): string {
  const options = [
    `--profile ${profile.id}`,
    `--engine ${engine.name}`,
    ...(snapshots === undefined ? [] : [`--snapshots ${quoted(snapshots)}`]),
    ...adjustmentArguments(adjustment).map(quoted),
  ];
  const only = Object.entries(job ? propertiesOf(job) : {}).flatMap(([key, value]) =>
    value === undefined ? [] : `${key}=${value}`,
  );
  return ["npx iopfl run", experiment.id, ...options, ...(only.length > 0 ? ["--only", ...only.map(quoted)] : [])].join(
    " ",
  );
}

/** A word as a shell takes it. */
const quoted = (word: string): string => (/^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
