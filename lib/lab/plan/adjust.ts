import type { z } from "zod";
import { useOneOf } from "../../core/closest";
import { WorkbenchError } from "../../core/errors";
import { trainingOf, trainings, adaptationOf, adaptations } from "../../methods/registry";
import type { Experiment, MethodChoice, Profile } from "../../records/config";

/** What a run changes of an experiment as it is configured. Its records stand beside those of the experiment: their names tell. */
export interface Adjustment {
  /**
   * Parameters by name, of every method that has it (`{ alpha: 0.5 }`), or of one: `{ "iop-fl": { alpha: 0.5 } }`. `method` stands for
   * every method, `federation` for the one whose models meet at a held-out site.
   */
  readonly params?: Readonly<Record<string, unknown>>;
  /** In place of the profile's. */
  readonly seeds?: readonly number[];
  /** These alone, by id or variant; one that the experiment does not list runs with its defaults. */
  readonly methods?: readonly string[];
}

interface Given {
  readonly experiment: Experiment;
  readonly profile: Profile;
}

/** @throws WorkbenchError when a method, a parameter or a seed is none */
export function adjusted<Configs extends Given>(configs: Configs, { params, seeds, methods }: Adjustment): Configs {
  let { experiment, profile } = configs;
  if (methods) experiment = withMethods(experiment, methods);
  if (seeds) profile = { ...profile, seeds: checkedSeeds(seeds) };
  for (const { target, name, value } of changesOf(params ?? {}))
    experiment = withParam(experiment, target, name, value);
  return { ...configs, experiment, profile };
}

/** @returns the arguments of `iopfl run` that ask for the same */
export function adjustmentArguments({ params = {}, seeds, methods }: Adjustment): string[] {
  const list = (option: string, values: readonly unknown[]) =>
    values.length > 0 ? [option, ...values.map(String)] : [];
  const sets = changesOf(params).map(({ target, name, value }) => `${target}.${name}=${JSON.stringify(value)}`);
  return [...list("--set", sets), ...list("--seeds", seeds ?? []), ...list("--methods", methods ?? [])];
}

/** @returns each change alone: whose parameter, which, and what it becomes */
function changesOf(params: Readonly<Record<string, unknown>>): { target: string; name: string; value: unknown }[] {
  return Object.entries(params).flatMap(([key, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([name, inner]) => ({ target: key, name, value: inner as unknown }))
      : [{ target: "method", name: key, value }],
  );
}

const schemaOf = (kind: Experiment["kind"], id: string): z.ZodType =>
  kind === "inside" ? trainingOf(id).params : adaptationOf(id).params;

function withMethods(experiment: Experiment, names: readonly string[]): Experiment {
  const registered = (experiment.kind === "inside" ? trainings : adaptations).map(({ id }) => id);
  const chosen = names.flatMap((name): MethodChoice[] => {
    const listed = experiment.methods.filter(({ id, variant }) => [id, variant].includes(name));
    if (listed.length > 0) return listed;
    if (registered.includes(name)) return [{ id: name, params: {} }];
    throw new WorkbenchError(`unknown method "${name}"`, useOneOf(name, registered));
  });
  if (chosen.length === 0) throw new WorkbenchError("no method is chosen", useOneOf("", registered));
  return { ...experiment, methods: [...new Set(chosen)] };
}

function checkedSeeds(seeds: readonly number[]): number[] {
  const wrong = seeds.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  if (wrong === undefined && seeds.length > 0) return [...new Set(seeds)];
  throw new WorkbenchError(`${wrong === undefined ? "no seed" : wrong} is no seed`, "give whole numbers from 0");
}

function withParam(experiment: Experiment, target: string, name: string, value: unknown): Experiment {
  const set = (choice: MethodChoice): MethodChoice => ({ ...choice, params: { ...choice.params, [name]: value } });
  if (target === "federation" && experiment.kind === "outside") {
    if (!knows(trainingOf(experiment.federation.id).params, name, value)) throw unknown(experiment.federation.id, name);
    return { ...experiment, federation: set(experiment.federation) };
  }
  const meant = experiment.methods.filter(({ id, variant }) => target === "method" || [id, variant].includes(target));
  if (meant.length === 0) {
    const targets = ["method", ...(experiment.kind === "outside" ? ["federation"] : [])];
    throw new WorkbenchError(
      `experiment "${experiment.id}" has no method "${target}"`,
      useOneOf(target, [...targets, ...experiment.methods.map(({ id }) => id)]),
    );
  }
  const having = meant.filter(({ id }) => knows(schemaOf(experiment.kind, id), name, value));
  if (having.length === 0) throw unknown(meant.map(({ id }) => id).join(", "), name);
  return { ...experiment, methods: experiment.methods.map((each) => (having.includes(each) ? set(each) : each)) };
}

const unknown = (methods: string, name: string) =>
  new WorkbenchError(`no parameter "${name}" in ${methods}`, "npx iopfl list shows the parameters of every method");

/** Whether a method has a parameter; a value that it refuses is told when the jobs are planned. */
function knows(schema: z.ZodType, name: string, value: unknown): boolean {
  const result = schema.safeParse({ [name]: value });
  if (result.success) return name in (result.data as object);
  return !result.error.issues.some(({ code, path }) => code === "unrecognized_keys" && path.length === 0);
}
