import type { z } from "zod";
import { useOneOf } from "../core/closest";
import { WorkbenchError } from "../core/errors";
import type { State } from "../core/state";
import { readStateFile } from "../federation/store/state-file";
import { hasWholeModels } from "../lab/jobs/kept-models";
import { modelsPath } from "../lab/jobs/job-parts";
import { federationQuestion } from "../lab/identity/question";
import { trainingOf } from "../methods/registry";
import {
  profileSchema,
  readExperiment,
  readProfile,
  readTask,
  recordsOf,
  referenceOf,
  type Experiment,
  type Task,
} from "../records/config";
import { readOwnRecords } from "../records/read";
import type { FederationRecord } from "../records/schema";
import type { FoundModels, ModelWish } from "./models";
import { trainingOrientations } from "./orientations";

/** Of a record's configuration what its models have to be used with. */
const used = profileSchema.pick({ data: true, net: true, training: true });

/**
 * The models that a finished federation left on this machine.
 * @param ids experiments in which it is looked for, the first that has one counts
 */
export function federationModels(ids: readonly string[], wish: ModelWish): FoundModels {
  const { adaptation } = readProfile(wish.profile);
  const found = ids.flatMap((id) => candidates(readExperiment(id), wish));
  const record = found.find(({ id }) => hasWholeModels(id));
  if (!record) throw missing(ids, wish, found);
  const task = readTask(record.task);
  const profile = used.parse(record.config);
  const { data, net } = profile;
  assertSameRules(task, profile, record);
  const { states } = readStateFile(modelsPath(record.id)) as { states: ReadonlyMap<string, State> };
  const stateOf = (name: string) => states.get(name) as State;
  const held = task.sites.filter((site) => !record.sites.includes(site));
  return {
    from: `${record.experiment}, profile ${record.profile}, ${record.method}, seed ${record.seed}, ${held.length === 0 ? "all sites" : `without ${held.join(", ")}`}`,
    task,
    shape: { inChannels: task.inChannels, classes: task.classes, features: net.features },
    side: data.side,
    reading: data.reading,
    adaptation,
    global: stateOf("global"),
    personal: record.sites.map((name) => ({ name, state: stateOf(name) })),
    trained: { method: record.method, params: record.params },
    orientations: trainingOrientations(task, data),
  };
}

/** Who edits the rules of a task of one's own has models of other images than it describes. */
function assertSameRules(
  task: Task,
  profile: z.infer<typeof used>,
  { method, params, seed, sites, question }: FederationRecord,
): void {
  if (task.set !== "own") return;
  const asked = { task, profile: { ...profile, adaptation: noAdaptation }, method: { id: method, params }, seed };
  const scored = [{}, { elsewhere: true }, { choosing: true }] as const;
  if (scored.some((more) => federationQuestion(asked, sites, more) === question)) return;
  throw new WorkbenchError(
    `the rules of task ${task.id} changed since these models were trained`,
    `bring configs/tasks/${task.id}.yaml back, or train them again`,
  );
}

/** A federation does not ask for it. */
const noAdaptation = { batch: 1, epochs: 1 };

/** The finished federations of an experiment that may be meant, the best first: as the method is before its variants, early seeds first. */
function candidates(experiment: Experiment, { profile, seed, train, without }: ModelWish): FederationRecord[] {
  const task = readTask(experiment.task);
  const method = train === undefined ? methodOf(experiment) : trainingOf(train).id;
  if (without !== undefined && !task.sites.includes(without))
    throw new WorkbenchError(`"${without}" is no site of ${task.id}`, useOneOf(without, task.sites));
  const heldOut = (record: FederationRecord) => task.sites.filter((site) => !record.sites.includes(site));
  const all = readOwnRecords(profile, recordsOf(experiment)).records.flatMap(({ record }) =>
    record.kind === "federation" && record.method === method && !record.diverged ? [record] : [],
  );
  const fits = all
    .filter((record) => seed === undefined || record.seed === seed)
    .filter((record) => without === undefined || heldOut(record).join() === without);
  if (without === undefined) assertOneFederation(experiment, task, fits.map(heldOut));
  const rank = ({ variant, seed: own }: FederationRecord) => (variant === undefined ? 0 : 1e9) + own;
  return fits.sort((a, b) => rank(a) - rank(b));
}

/** What an outside experiment's sites meet; of an inside one the method that its tables compare with the others. */
const methodOf = (experiment: Experiment): string =>
  experiment.kind === "outside" ? experiment.federation.id : referenceOf(experiment).id;

/** An outside experiment has a federation for every held-out site: which is meant cannot be guessed. */
function assertOneFederation({ id, kind }: Experiment, task: Task, heldOut: readonly (readonly string[])[]): void {
  const sets = [...new Set(heldOut.map((sites) => sites.join()))];
  if (kind !== "outside" || sets.length < 2) return;
  throw new WorkbenchError(
    `${id} has a federation for every site that was held out`,
    `say --without <site>: ${sets.join(", ")}; or take an inside experiment, where all sites of ${task.id} train`,
  );
}

function missing(ids: readonly string[], wish: ModelWish, found: readonly FederationRecord[]): WorkbenchError {
  const { profile, train, without, seed } = wish;
  const [id] = ids;
  const method = train ?? methodOf(readExperiment(id));
  const of = [method, without && `without ${without}`, seed !== undefined && `seed ${seed}`].filter(Boolean).join(", ");
  const where = ids.length === 1 ? `${id}, profile ${profile}` : `any experiment of profile ${profile}`;
  const only = readExperiment(id).kind === "inside" ? ` --methods ${method}` : "";
  const train_ = `npx iopfl run ${id} --profile ${profile}${only}`;
  return found.length > 0
    ? new WorkbenchError(
        `the models of ${method} (${where}) are not on this machine: records travel, models do not`,
        `train them with \`${train_} --fresh\` after removing its record`,
      )
    : new WorkbenchError(`there are no trained models of ${of} in ${where}`, `train them with \`${train_}\``);
}
