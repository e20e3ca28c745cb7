import { useOneOf } from "../core/closest";
import { WorkbenchError } from "../core/errors";
import { resolveEntry } from "../lab/plan/entry";
import { adaptations } from "../methods/registry";
import { findModels } from "./find-models";
import type { FoundModels, ModelWish } from "./models";
import { runHospital, type HospitalResult, type HospitalRun } from "./run";

type Where = Omit<HospitalRun, "models" | "method">;

/** A test-time method as a command names it. */
export interface Chosen {
  readonly id: string;
  /** Parameters that differ from the defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

/** Adapts models to unlabelled images and writes their masks: see `runHospital`. */
export async function adapt(wish: ModelWish, { id, params, seed }: Chosen, where: Where): Promise<HospitalResult> {
  const known = adaptations.map((each) => each.id);
  const definition = adaptations.find((each) => each.id === id);
  if (!definition) throw new WorkbenchError(`unknown test-time method "${id}"`, useOneOf(id, known));
  const { method } = resolveEntry({ id, params }, definition);
  const models = findModels(wish);
  const { wants } = definition;
  if (wants !== undefined && models.trained?.method !== wants)
    throw new WorkbenchError(
      `method "${id}" needs models of ${wants}, which carry what others do not; these are ${models.from}`,
      `name an experiment with --models and say --train ${wants}, or choose another method`,
    );
  return runHospital({ ...where, models, method: { ...method, ...models.adaptation, seed } });
}

/** Segments images with one model as it was trained. @param site a training client (default: the global model) */
export async function predict(wish: ModelWish, site: string | undefined, where: Where): Promise<HospitalResult> {
  const models = findModels(wish);
  return runHospital({ ...where, models: oneOf(models, site) });
}

/** @returns models of which the one that is meant is the global one, and there is no other @throws WorkbenchError when there is none such */
export function oneOf(models: FoundModels, site: string | undefined): FoundModels {
  const one = { ...models, personal: [] };
  if (site === undefined || site === "global") return { ...one, from: `${models.from}, the global model` };
  const found = models.personal.find(({ name }) => name === site);
  if (found) return { ...one, global: found.state, from: `${models.from}, the model of ${site}` };
  const known = ["global", ...models.personal.map(({ name }) => name)];
  throw new WorkbenchError(`there is no model of "${site}" (${models.from})`, useOneOf(site, known));
}
