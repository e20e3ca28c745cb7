import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { hashOf } from "../../core/hash";
import { hashState, type State } from "../../core/state";
import { writeStateFile } from "../../federation/store/state-file";
import { modelsPath, shapeOf } from "./job-parts";
import { dropDamagedModels } from "./kept-models";
import type { AdaptationJob, FederationJob } from "../plan/jobs";
import { planExperiment, snapshotPlace, type ExperimentPlan, type PlanOptions } from "../plan/plan-experiment";
import { readSnapshot } from "./snapshot-file";
import { clientOfSnapshot, isGlobalSnapshot } from "./snapshot-names";

/** The snapshot files of one held-out site, as the official `main.py --ood_test` looks for them. */
interface SnapshotFolder {
  readonly heldOut: string;
  readonly global: string;
  /** In the order of their index: that of `--source` in the official `external.sh`. */
  readonly personal: readonly string[];
}

const layoutOfFolder = "give snapshots/<site>/ with fedavg_global_round95 and fedavg_idx_0_round55, fedavg_idx_1_...";

/**
 * Plans the test-time methods of an outside experiment from published snapshots in place of trained federations. The models are stored
 * where federations leave theirs; records lie beside those of the experiment, in `<experiment>.snapshots`.
 * @param folder one site's snapshots (`snapshots/HK`), or the folder of several sites
 * @throws WorkbenchError naming the file and what is wrong with it
 */
export async function planFromSnapshots(id: string, folder: string, options: PlanOptions): Promise<ExperimentPlan> {
  const plan = await planExperiment(id, options);
  const { experiment, task } = plan;
  if (experiment.kind !== "outside")
    throw new WorkbenchError(`${id} is an inside experiment`, "snapshots are for experiments of kind outside");
  const jobs = findSnapshots(folder, task.sites).flatMap((found) => jobsFrom(plan, found));
  if (jobs.length === 0) throw new WorkbenchError(`no job of ${id} holds out a site of ${folder}`, "leave --only out");
  return { ...plan, jobs, snapshots: resolve(folder) };
}

function findSnapshots(given: string, sites: readonly string[]): SnapshotFolder[] {
  const root = resolve(given);
  if (!existsSync(root)) throw new WorkbenchError(`no folder ${given}`, layoutOfFolder);
  const own = sites.includes(basename(root));
  const heldOut = own ? [basename(root)] : sites.filter((site) => existsSync(join(root, site)));
  if (heldOut.length === 0)
    throw new WorkbenchError(
      `${given} is not named after a site and has no folder of one (${sites.join(", ")})`,
      layoutOfFolder,
    );
  return heldOut.map((site) => snapshotsOf(own ? root : join(root, site), site));
}

function snapshotsOf(folder: string, heldOut: string): SnapshotFolder {
  const names = readdirSync(folder).sort();
  const globals = names.filter(isGlobalSnapshot);
  const byIndex = new Map<number, string>();
  for (const name of names) {
    const index = clientOfSnapshot(name);
    if (index === undefined) continue;
    if (byIndex.has(index)) throw new WorkbenchError(`${heldOut} has two snapshots of index ${index}`, "remove one");
    byIndex.set(index, name);
  }
  const personal = Array.from(byIndex.keys(), (_, index) => byIndex.get(index));
  if (globals.length !== 1 || personal.length === 0 || personal.includes(undefined)) {
    throw new WorkbenchError(
      `snapshots of ${heldOut}: ${globals.length} global, indices ${[...byIndex.keys()].join(", ") || "none"}; want one global and indices from 0 without gaps`,
      layoutOfFolder,
    );
  }
  return { heldOut, global: join(folder, globals[0]), personal: personal.map((name) => join(folder, name as string)) };
}

/** The adaptation jobs of a site, moved onto the models of its snapshots, which are stored where a federation would leave them. */
function jobsFrom(
  { experiment, jobs }: ExperimentPlan,
  { heldOut, global, personal }: SnapshotFolder,
): AdaptationJob[] {
  const wanted = jobs.filter((job): job is AdaptationJob => job.kind === "adaptation" && job.heldOut === heldOut);
  if (wanted.length === 0) return [];
  const states = new Map<string, State>();
  [global, ...personal].forEach((path, index) =>
    states.set(index === 0 ? "global" : `idx_${index - 1}`, readFor(wanted[0], path)),
  );
  const models = Object.fromEntries(Array.from(states, ([name, state]) => [name, hashState(state)]));
  const id = hashOf({ kind: "snapshots", models }).slice(0, 16);
  const name = `snapshots.${heldOut}`;
  dropDamagedModels({ id, name });
  if (!existsSync(modelsPath(id))) writeStateFile(modelsPath(id), { states, note: id });
  const place = snapshotPlace(experiment.id);
  return wanted.map((job) => {
    const federation: FederationJob = {
      ...job.federation,
      id,
      name,
      experiment: place,
      sites: personal.map((_, index) => `idx_${index}`),
    };
    return { ...job, id: hashOf({ job: job.id, snapshots: id }).slice(0, 16), experiment: place, federation };
  });
}

function readFor(job: AdaptationJob, path: string): State {
  const name = join(job.heldOut, basename(path));
  const { shape, state } = readSnapshot(path, name);
  const wanted = shapeOf(job);
  const text = ({ features, inChannels, classes }: typeof shape) =>
    `${features} features, ${inChannels} channels in and ${classes} classes`;
  if (text(shape) !== text(wanted))
    throw new WorkbenchError(
      `${name} has ${text(shape)}, profile ${job.profile.id} wants ${text(wanted)}`,
      "choose the profile of that width (published snapshots: paper)",
    );
  return state;
}
