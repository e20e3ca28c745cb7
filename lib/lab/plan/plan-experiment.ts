import { useOneOf } from "../../core/closest";
import { WorkbenchError } from "../../core/errors";
import type { EngineChoice, EngineName } from "../../engine";
import { createCodeHasher, type CodeHasher } from "../identity/code-hash";
import { isFinished } from "../locks/claims";
import {
  readExperiment,
  recordsOf,
  readProfile,
  readTask,
  type Experiment,
  type Profile,
  type Task,
} from "../../records/config";
import { experimentAt, withTuned } from "../../records/experiment-at";
import { assertFrozen, frozenData } from "../../records/frozen";
import { knownData, prepareTask, type DataSummary } from "../../records/dataset";
import { profileOn } from "../../records/own-data";
import { hasWholeModels } from "../jobs/kept-models";
import { adjusted, type Adjustment } from "./adjust";
import { planJobs, type Job } from "./jobs";
import { resolveEngine } from "./resolve-engine";

export interface PlanOptions extends Adjustment {
  readonly profile: string;
  readonly engine?: EngineChoice;
  /** Keeps only the jobs with these properties, and what they need: `{ method: "iop-fl", site: "HK", seed: "0" }`. */
  readonly only?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
}

export interface ExperimentPlan {
  readonly experiment: Experiment;
  readonly profile: Profile;
  readonly task: Task;
  readonly engine: { readonly name: EngineName; readonly why: string };
  readonly data: DataSummary & { readonly folder: string };
  readonly jobs: readonly Job[];
  /** What was changed of the experiment as it is configured. */
  readonly adjustment: Adjustment;
  /** Where its models come from, when they are not trained here. */
  readonly snapshots?: string;
}

/** @returns the folder of a plan's records, below that of its profile, and of what belongs to it elsewhere */
export const placeOf = ({ experiment, snapshots }: Pick<ExperimentPlan, "experiment" | "snapshots">): string =>
  snapshots === undefined ? recordsOf(experiment) : snapshotPlace(experiment.id);

export const snapshotPlace = (experimentId: string): string => `${experimentId}.snapshots`;

/** Reads an experiment's configuration, writes its phantom if that is missing, and lists its jobs. */
export const planExperiment = (id: string, options: PlanOptions): Promise<ExperimentPlan> =>
  planVariant(id, options, (configs) => configs);

/** What is made of an experiment and a profile before jobs are listed; `choosing` as in `PlanInput`. */
type Variant = Pick<ExperimentPlan, "experiment" | "profile"> & { readonly choosing?: boolean };

/** The same of what a function makes of the configuration. */
export async function planVariant(
  id: string,
  options: PlanOptions,
  vary: (configs: Pick<ExperimentPlan, "experiment" | "profile">) => Variant,
): Promise<ExperimentPlan> {
  const { task, ...configs } = readConfigs(id, options);
  const { experiment, profile, choosing } = vary(configs);
  const engine = await resolveEngine(options.engine ?? "auto");
  const data = prepareTask(task, profile.data, options.log);
  assertFrozen(profile.id, task.id, data);
  const code = createCodeHasher();
  const plan = listJobs({ experiment, profile, task, engine, data, choosing }, options, code);
  code.save();
  return plan;
}

/**
 * The same at a glance: nothing is written, no engine is started that need not be.
 * @returns the plan, and whether its data are known: here, or because they are frozen and made alike everywhere. Where they are not, its jobs
 *   have ids that no record has
 */
export async function outlineExperiment(
  id: string,
  options: PlanOptions,
): Promise<{ plan: ExperimentPlan; dataKnown: boolean }> {
  const { experiment, profile, task } = readConfigs(id, options);
  const { engine: choice = "auto" } = options;
  const engine = choice === "auto" ? await resolveEngine(choice) : { name: choice, why: "asked for" };
  const known = knownData(task, profile.data) ?? frozenData(profile.id, task.id);
  const unknown = { dataHash: "not known", slices: Object.fromEntries(task.sites.map((site) => [site, 1])) };
  const data = { folder: "", ...(known ?? unknown) };
  return { plan: listJobs({ experiment, profile, task, engine, data }, options), dataKnown: known !== undefined };
}

function readConfigs(id: string, options: PlanOptions): Pick<ExperimentPlan, "experiment" | "profile" | "task"> {
  assertSelectors(options.only);
  const profile = readProfile(options.profile);
  const whole = readExperiment(id);
  // Who names methods means those, whatever is run at the profile.
  const experiment = options.methods ? withTuned(whole, profile.id) : experimentAt(whole, profile.id);
  if (experiment.methods.length === 0)
    throw new WorkbenchError(
      `${id} runs nothing at the profile "${profile.id}"`,
      "use another profile, or name methods with --methods",
    );
  const task = readTask(experiment.task);
  return adjusted({ experiment, profile: profileOn(task, profile), task }, options);
}

function listJobs(
  { choosing, ...plan }: Omit<ExperimentPlan, "jobs" | "adjustment"> & Pick<Variant, "choosing">,
  { only, params, seeds, methods }: PlanOptions,
  code?: CodeHasher,
): ExperimentPlan {
  const { engine, data } = plan;
  return {
    ...plan,
    adjustment: { params, seeds, methods },
    jobs: select(
      planJobs({ ...plan, choosing, engine: engine.name, dataHash: data.dataHash, slices: data.slices, code }),
      only,
    ),
  };
}

/**
 * @param answered whether a job needs no record of its own
 * @returns the jobs without an up to date record, with the federations whose models they need and that are no longer there, or whole
 */
export function missingJobs(jobs: readonly Job[], answered: (job: Job) => boolean = () => false): Job[] {
  const missing = jobs.filter((job) => !answered(job) && !isFinished(job));
  const all = new Map(missing.map((job) => [job.id, job]));
  const federations = missing.flatMap((job) => (job.kind === "adaptation" ? [job.federation] : []));
  for (const [id, federation] of new Map(federations.map((each) => [each.id, each])))
    if (!hasWholeModels(id)) all.set(id, federation);
  return [...all.values()];
}

/** Before anything is prepared. */
function assertSelectors(only: Readonly<Record<string, string>> = {}): void {
  const strange = Object.keys(only).find((key) => !selectors.includes(key));
  if (strange !== undefined)
    throw new WorkbenchError(
      `unknown property "${strange}" in --only`,
      `use ${selectors.map((name) => `${name}=`).join(", ")}`,
    );
}

function select(jobs: readonly Job[], only: Readonly<Record<string, string>> = {}): Job[] {
  const has = (job: Job, [key, value]: readonly [string, string]) =>
    propertiesOf(job)[key] === value || (key === "variant" && job.variant?.split(",")[0] === value);
  const chosen = jobs.filter((job) => Object.entries(only).every((pair) => has(job, pair)));
  if (chosen.length > 0) return chosen;
  // The first property that no job has by itself; where each has one, none has them all.
  const [key, value] = Object.entries(only).find((pair) => !jobs.some((job) => has(job, pair))) ?? [];
  const values = [...new Set(jobs.flatMap((job) => propertiesOf(job)[key ?? ""] ?? []))];
  // A federation's site is the list of its clients: of no use where sites are held out one by one.
  const single = values.filter((each) => key !== "site" || !each.includes(","));
  const known = single.length > 0 ? single : values;
  throw new WorkbenchError(
    `no job with ${Object.entries(only)
      .map((pair) => pair.join("="))
      .join(" and ")}`,
    value === undefined || known.length === 0
      ? "leave one of them out; npx iopfl run <experiment> --dry-run lists the jobs"
      : `${key}: ${useOneOf(value, known)}`,
  );
}

const selectors: readonly string[] = ["method", "variant", "site", "seed"];

/** What `only` can ask for; a federation's site is the list of its clients. */
export function propertiesOf(job: Job): Readonly<Record<string, string | undefined>> {
  return {
    method: job.method.id,
    variant: job.variant,
    site: job.kind === "adaptation" ? job.heldOut : job.sites.join(),
    seed: String(job.seed),
  };
}
