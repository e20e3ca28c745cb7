import { useOneOf } from "../../core/closest";
import { WorkbenchError } from "../../core/errors";
import type { EngineName } from "../../engine";
import { trainingOf, adaptationOf } from "../../methods/registry";
import { createCodeHasher, type CodeHasher } from "../identity/code-hash";
import { createNumerics, jobId, type NumericsOf } from "../identity/numerics";
import { adaptationQuestion, federationQuestion } from "../identity/question";
import {
  federationLabel,
  recordsOf,
  type Entry as ConfiguredEntry,
  type Experiment,
  type MethodChoice,
  type Profile,
  type Task,
  type TrainedBy,
} from "../../records/config";
import type { Numerics } from "../../records/schema";
import { joinLabels, resolveEntry, type Entry } from "./entry";
import { clientsWith, profileWith } from "./settings";

interface JobBase {
  /** Hash of question and numerics: a record with this id has the numbers this job would give. */
  readonly id: string;
  /** Hash of everything that is configured: whatever else computed it, a record with it answers the same. */
  readonly question: string;
  readonly numerics: Numerics;
  /** File name of its record, unique in its experiment. */
  readonly name: string;
  readonly experiment: string;
  readonly profile: Profile;
  readonly task: Task;
  readonly method: MethodChoice;
  /** What tells it from the method as it is: the name of its entry, and parameters that differ from the defaults; changes no number. */
  readonly variant?: string;
  readonly seed: number;
  /** Training or adaptation batches, roughly: the unit of progress and of the longest-first order. */
  readonly cost: number;
}

/** Trains one method on some sites. */
export interface FederationJob extends JobBase {
  readonly kind: "federation";
  readonly sites: readonly string[];
  /** Whether its models are scored at the test cases of sites that they never met, too. */
  readonly elsewhere?: boolean;
  /** Whether it is there to choose by: its test cases are then out of reach. */
  readonly choosing?: boolean;
}

/** Adapts the models of a federation to the site that was held out. */
export interface AdaptationJob extends JobBase {
  readonly kind: "adaptation";
  readonly heldOut: string;
  readonly federation: FederationJob;
}

export type Job = FederationJob | AdaptationJob;

export interface PlanInput {
  readonly experiment: Experiment;
  readonly profile: Profile;
  readonly task: Task;
  readonly engine: EngineName;
  readonly dataHash: string;
  /** Training slices per site, to estimate costs. */
  readonly slices: Readonly<Record<string, number>>;
  /** Versions of the code (default: of the files on disk). */
  readonly code?: CodeHasher;
  /** What else computes (default: on this machine). */
  readonly arithmetic?: string;
  /** Whether its runs are there to choose parameters by (default: no). */
  readonly choosing?: boolean;
}

type PlanWithNumerics = PlanInput & { readonly numericsOf: NumericsOf };

/**
 * Expands an experiment to its jobs: deterministic, federations before the adaptations that need them.
 * @throws WorkbenchError when two entries of the experiment cannot be told apart
 */
export function planJobs(given: PlanInput): Job[] {
  const jobs = expand(given);
  const [names, ids] = [new Set<string>(), new Map<string, string>()];
  for (const { name, id } of jobs) {
    if (names.has(name))
      throw new WorkbenchError(
        `experiment "${given.experiment.id}" has two jobs named ${name}`,
        "give methods that are listed twice a variant: a short name",
      );
    if (ids.has(id))
      throw new WorkbenchError(
        `experiment "${given.experiment.id}": ${ids.get(id)} and ${name} are the same job`,
        "change a parameter of one, or remove it",
      );
    names.add(name);
    ids.set(id, name);
  }
  return jobs;
}

function expand(given: PlanInput): Job[] {
  const { engine, dataHash, arithmetic, code = createCodeHasher() } = given;
  const input = { ...given, numericsOf: createNumerics({ engine, arithmetic, data: dataHash, code }) };
  const { experiment, profile, task } = input;
  const strange = Object.keys(profile.training.protocol?.epochs ?? {}).find((site) => !task.sites.includes(site));
  if (strange !== undefined)
    throw new WorkbenchError(
      `profile "${profile.id}": training.protocol.epochs names "${strange}", which is no site of ${task.id}`,
      useOneOf(strange, task.sites),
    );
  if (experiment.kind === "inside") {
    return profile.seeds.flatMap((seed) =>
      experiment.methods.map((choice) => {
        const method = resolveEntry(choice, trainingOf(choice.id));
        const { settings = {}, elsewhere } = choice;
        const own = { ...input, profile: profileWith(profile, settings), elsewhere };
        const name = nameOf(choice.id, method.label, `seed${seed}`);
        return federationJob(own, method, clientsWith(task, settings), seed, name);
      }),
    );
  }
  return profile.seeds.flatMap((seed) =>
    task.sites.flatMap((heldOut) => outsideJobs(input, experiment, heldOut, seed)),
  );
}

/** The federations without a site, each once, and what adapts their models to it. */
function outsideJobs(
  input: PlanWithNumerics,
  { federation: shared, federationsOf, methods }: Extract<Experiment, { kind: "outside" }>,
  heldOut: string,
  seed: number,
): Job[] {
  const others = input.task.sites.filter((site) => site !== heldOut);
  const federations = new Map<string, FederationJob>();
  const federationOf = (choice: MethodChoice & Pick<TrainedBy, "settings">, named: boolean): FederationJob => {
    const { settings = {} } = choice;
    const entry = resolveEntry(choice, trainingOf(choice.id));
    const label = named ? joinLabels(choice.id, entry.label, federationLabel(settings)) : entry.label;
    const own = { ...input, profile: profileWith(input.profile, settings) };
    const name = nameOf("federation", label, `without-${heldOut}`, `seed${seed}`);
    const known = federations.get(name) ?? {
      ...federationJob(own, { ...entry, label }, others, seed, name),
      // What is asked for by name is nobody else's.
      ...(federationsOf === undefined || named ? {} : { experiment: federationsOf }),
    };
    federations.set(name, known);
    return known;
  };
  const common = methods.some(({ train }) => train === undefined) ? federationOf(shared, false) : undefined;
  const adaptations = methods.map((choice) =>
    adaptationJob(input, choice, heldOut, choice.train ? federationOf(choice.train, true) : (common as FederationJob)),
  );
  return [...federations.values(), ...adaptations];
}

/** A file name: nothing that changes numbers of a method changes the numbers under a name. */
const nameOf = (...parts: readonly (string | undefined)[]) => parts.filter((part) => part !== undefined).join(".");

function federationJob(
  input: PlanWithNumerics & Pick<FederationJob, "elsewhere">,
  { method, label }: Entry,
  sites: readonly string[],
  seed: number,
  name: string,
): FederationJob {
  const { profile, task } = input;
  const { rounds, batch, localEpochs, selection } = profile.training;
  if (selection === "validation" && trainingOf(method.id).client.finish)
    throw new WorkbenchError(
      `selection: validation: "${method.id}" tunes its models behind the last round, so that no earlier one can be chosen`,
      "leave its selection out",
    );
  const cost = sites.reduce((sum, site) => sum + Math.ceil(input.slices[site] / batch) * localEpochs * rounds, 0);
  // Whatever scores the models, it is another question.
  const scored = {
    ...(input.elsewhere ? { elsewhere: true as const } : {}),
    ...(input.choosing ? { choosing: true as const } : {}),
  };
  const question = federationQuestion({ task, profile, method, seed }, sites, scored);
  const numerics = input.numericsOf("train", method.id);
  return {
    kind: "federation",
    id: jobId(question, numerics),
    question,
    numerics,
    name,
    experiment: recordsOf(input.experiment),
    profile,
    task,
    method,
    variant: label,
    sites,
    seed,
    cost,
    ...scored,
  };
}

function adaptationJob(
  input: PlanWithNumerics,
  choice: MethodChoice & Pick<ConfiguredEntry, "settings">,
  heldOut: string,
  federation: FederationJob,
): AdaptationJob {
  const { task } = input;
  const profile = profileWith(input.profile, choice.settings ?? {});
  const definition = adaptationOf(choice.id);
  const { method, label } = resolveEntry(choice, definition);
  const { wants = federation.method.id } = definition;
  if (wants !== federation.method.id)
    throw new WorkbenchError(
      `method "${choice.id}" adapts models of ${wants}, not of ${federation.method.id}`,
      `give its entry train: { id: ${wants} }`,
    );
  // An adaptation batch costs about four training batches: three forward passes, one backward pass and a prediction.
  const cost = 4 * profile.adaptation.epochs * Math.ceil(input.slices[heldOut] / 0.6 / profile.adaptation.batch);
  const question = adaptationQuestion({ task, profile, method, seed: federation.seed }, federation.question, heldOut);
  const numerics = input.numericsOf("adapt", choice.id);
  // Another federation gives other numbers too.
  const from = federation.variant && `federation.${federation.variant}`;
  const variant = joinLabels(label, from);
  return {
    ...federation,
    experiment: recordsOf(input.experiment),
    kind: "adaptation",
    id: jobId(question, numerics, federation.id),
    question,
    numerics,
    name: nameOf(choice.id, variant, heldOut, `seed${federation.seed}`),
    profile,
    task,
    method,
    variant,
    heldOut,
    federation,
    cost,
  };
}
