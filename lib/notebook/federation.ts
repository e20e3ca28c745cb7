import { WorkbenchError } from "../core/errors";
import { createRandom } from "../core/random";
import { byteLength, distance, hashState, weightedMean, type State } from "../core/state";
import { startEngine, type EngineChoice } from "../engine";
import { ownExecutor } from "../federation/client/client-work";
import { meanDice } from "../federation/evaluate/evaluation";
import {
  predictorOf,
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../federation/round/federation";
import { plainTraining, trainingOf } from "../methods/registry";
import { initialiseUNet } from "../nets/model/initialise";
import { readProfile, readTask } from "../records/config";
import { loadSites, prepareTask } from "../records/dataset";

/** What a client brings. */
export interface FederationClient {
  readonly site: string;
  /** Training slices, and their share of all: the weight of what it sends. */
  readonly slices: number;
  readonly share: number;
}

/** What came of a client's training in one round. */
export interface LocalTraining {
  /** What it would send: its weights behind the round. */
  readonly model: State;
  /** Mean loss over its batches. */
  readonly loss: number;
}

/** A federation whose rounds are taken by hand, in this kernel; nothing of it is stored. */
export interface HandledFederation {
  readonly clients: readonly FederationClient[];
  /** The weights that every client receives in the first round. */
  readonly start: State;
  /**
   * One client's training in round `round` from `model`, with the batches that the experiment would take. Only for methods that send their
   * model and keep nothing, such as fedavg.
   * @throws WorkbenchError for another method
   */
  train(client: number, model: State, round: number): Promise<LocalTraining>;
  /** Weighted by the clients' shares. @param models one for each client */
  average(models: readonly State[]): State;
  /** Mean volumetric Dice of a client's validation cases, 0 to 1. */
  score(model: State, client: number): Promise<number>;
  /** Rounds by the program that runs experiments. @param onRound after each @returns the state behind the last one */
  run(rounds: number, onRound?: (state: FederationState) => void, signal?: AbortSignal): Promise<FederationState>;
  /** The model that predicts for a client, behind some rounds. */
  predictor(state: FederationState, client: number): State;
}

/**
 * @param taskId of a file in configs/tasks
 * @throws WorkbenchError when an id, the method or the engine is unknown
 */
export async function federation(
  taskId: string,
  {
    profile: profileId,
    engine = "auto",
    method: methodId = plainTraining.id,
    params = {},
    seed = 0,
  }: {
    readonly profile: string;
    readonly engine?: EngineChoice;
    readonly method?: string;
    /** Parameters that differ from the method's defaults. */
    readonly params?: Readonly<Record<string, unknown>>;
    readonly seed?: number;
  },
): Promise<HandledFederation> {
  const [task, profile, method] = [readTask(taskId), readProfile(profileId), trainingOf(methodId)];
  const { folder } = prepareTask(task, profile.data, (line) => process.stdout.write(`${line}\n`));
  await startEngine(engine);
  const shape = { inChannels: task.inChannels, classes: task.classes, features: profile.net.features };
  const random = createRandom(`${task.id}/${seed}`);
  const start = initialiseUNet(shape, random.child("weights"));
  const clients = [...loadSites(task, profile.data, folder).values()];
  const common = { shape, method, params: method.params.parse(params), clients, training: profile.training };
  const spec = (rounds: number): FederationSpec => ({ ...common, random: random.child("batches"), rounds, start });
  const executor = ownExecutor(spec(1));
  const slices = clients.map(({ parts }) => parts.train.count);
  const all = slices.reduce((sum, count) => sum + count, 0);
  return {
    clients: clients.map(({ site }, client) => ({ site, slices: slices[client], share: slices[client] / all })),
    start,
    async train(client, model, round) {
      if (method.client.start || method.client.predict || method.server)
        throw new WorkbenchError(
          `${methodId} keeps or sends more than one model`,
          "take its rounds with run(), or a method such as fedavg or fedprox by hand",
        );
      const work = { kind: "training", client, round, finishing: false, received: { model }, kept: {} } as const;
      const { send, loss } = await executor.train(work, {});
      return { model: (send as { model: State }).model, loss };
    },
    average: (models) => weightedMean(models, slices),
    async score(model, client) {
      const work = { kind: "evaluation", client, parts: ["validation"], models: [model], surfaces: false } as const;
      const [[cases]] = await executor.evaluate(work, {});
      return meanDice(cases);
    },
    run: (rounds, onRound, signal) => runFederation(spec(rounds), startFederation(spec(rounds)), { onRound, signal }),
    predictor: (state, client) => predictorOf(spec(state.history.length), state, client),
  };
}

/** What is asked of weights in a cell. */
export const weightsOf = {
  /** Euclidean distance over all trained numbers. */
  distance,
  /** SHA-256 over names, shapes and values: equal only if every bit is. */
  hash: hashState,
  /** As they travel, in float32. */
  bytes: byteLength,
} as const;
