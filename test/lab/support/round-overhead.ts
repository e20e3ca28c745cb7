import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../../lib/core/random";
import { openCheckpoint } from "../../../lib/federation/store/checkpoint";
import * as evaluation from "../../../lib/federation/evaluate/evaluation";
import { runFederation, startFederation, type FederationSpec } from "../../../lib/federation/round/federation";
import * as training from "../../../lib/federation/client/train-slots";
import { readProfile, readTask } from "../../../lib/records/config";
import { loadSites, prepareTask } from "../../../lib/records/dataset";
import { trainingOf } from "../../../lib/methods/registry";
import { initialiseUNet } from "../../../lib/nets/model/initialise";

/** @returns the share of a round of IOP-FL, at the quick profile with its checkpoints, that is neither training nor evaluation */
export async function roundOverhead(): Promise<number> {
  const profile = readProfile("quick");
  const task = readTask("prostate");
  const { folder } = prepareTask(task, profile.data);
  const clients = [...loadSites(task, profile.data, folder).values()];
  const shape = { inChannels: task.inChannels, classes: task.classes, features: profile.net.features };
  const random = createRandom("bench");
  const method = trainingOf("iop-fl");
  const checkpoints = mkdtempSync(join(tmpdir(), "iopfl-round-"));
  const checkpoint = openCheckpoint(join(checkpoints, "bench.safetensors"));
  const spec: FederationSpec = {
    shape,
    method,
    params: method.params.parse({}),
    clients,
    training: profile.training,
    rounds: 3,
    start: initialiseUNet(shape, random),
    random,
    store: checkpoint.store,
  };
  const [trained, evaluated] = [timed(training, "trainSlots"), timed(evaluation, "evaluateModel")];
  try {
    const started = performance.now();
    await runFederation(spec, startFederation(spec), { onRound: (state) => checkpoint.save(state) });
    const whole = performance.now() - started;
    return (whole - trained() - evaluated()) / whole;
  } finally {
    rmSync(checkpoints, { recursive: true, force: true });
  }
}

/** Puts a stopwatch on an exported asynchronous function. @returns the milliseconds spent in it so far */
function timed(module: object, name: string): () => number {
  const exports = module as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const real = exports[name];
  let total = 0;
  exports[name] = async (...args) => {
    const started = performance.now();
    try {
      return await real(...args);
    } finally {
      total += performance.now() - started;
    }
  };
  if (exports[name] === real) throw new Error(`${name} cannot be timed`);
  return () => total;
}
