import { existsSync } from "node:fs";
import { useOneOf } from "../core/closest";
import { WorkbenchError } from "../core/errors";
import { trainings } from "../methods/registry";
import { configIds } from "../records/paths";
import { readExperiments, type Experiment } from "../records/config";
import { federationModels } from "./federation-models";
import type { FoundModels, ModelWish } from "./models";
import { snapshotModels } from "./snapshot-models";

/**
 * Finds models by the id of an experiment or of a training-time method, whose federations were trained here, or in a file or folder of
 * snapshots. A folder that is called like an experiment is meant by `./`.
 * @throws WorkbenchError when there are none, or when they are not the task's or the profile's
 */
export function findModels(wish: ModelWish): FoundModels {
  const { models } = wish;
  const methods = trainings.map(({ id }) => id);
  const experiments = configIds("experiments");
  if (experiments.includes(models)) return federationModels([models], wish);
  if (methods.includes(models)) {
    // Those that list it first: one of them is named where none has been run.
    const lists = ({ methods: entries }: Experiment) => (entries.some(({ id }) => id === models) ? 0 : 1);
    const all = readExperiments().sort((a, b) => lists(a) - lists(b));
    const ids = all.map(({ id }) => id);
    return federationModels(ids, { ...wish, train: models });
  }
  if (existsSync(models)) return snapshotModels(models, wish);
  throw new WorkbenchError(
    `"${models}" is no experiment, no training-time method and no file or folder`,
    useOneOf(models, [...experiments, ...methods]),
  );
}
