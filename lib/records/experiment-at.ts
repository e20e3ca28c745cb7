import { useOneOf } from "../core/closest";
import { WorkbenchError } from "../core/errors";
import { readExperiments, type Experiment, type Entry } from "./config";
import { readTuned } from "./tuned";

/**
 * @returns an experiment as a profile has it: the entries that are run there, with the parameters that validation chose
 * @throws WorkbenchError when its `leavesOut` names an entry that it has not
 */
export function experimentAt(experiment: Experiment, profile: string): Experiment {
  const { leavesOut = {} } = experiment;
  const left = Object.hasOwn(leavesOut, profile) ? leavesOut[profile] : [];
  return withTuned({ ...experiment, methods: left === "all" ? [] : entriesBut(experiment, left) }, profile);
}

/** @returns the experiments of a profile, as it has them, in the order in which they are run and reported */
export function experimentsAt(profile: string): Experiment[] {
  return readExperiments()
    .map((experiment) => experimentAt(experiment, profile))
    .filter(({ methods }) => methods.length > 0);
}

/** Its variant, or its id, with that of the federation that is its own: `global,federation.mixstyle`. */
const nameOf = ({ id, variant, train }: Entry) => variant ?? (train ? `${id},federation.${train.id}` : id);

function entriesBut({ id, methods }: Experiment, names: readonly string[]): Experiment["methods"] {
  const known = methods.map(nameOf);
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new WorkbenchError(
      `configs/experiments/${id}.yaml: leavesOut: no entry "${strange}"`,
      useOneOf(strange, known),
    );
  return methods.filter((entry) => !names.includes(nameOf(entry)));
}

/** The same with what validation chose as the entries' own parameters; what an entry says itself stays. */
export function withTuned(experiment: Experiment, profile: string): Experiment {
  if (experiment.kind === "outside" || !experiment.tuned) return experiment;
  const chosen = readTuned(experiment.task, profile)?.methods ?? {};
  const methods = experiment.methods.map((entry): Entry => {
    const found = Object.hasOwn(chosen, entry.id) ? chosen[entry.id].chosen : {};
    return { ...entry, settled: { ...found, ...entry.settled } };
  });
  return { ...experiment, methods };
}
