import type { Random } from "../core/random";
import { byteLength, type State } from "../core/state";
import type { SiteData } from "../data/types";
import type { InsideMethod, TrainOptions } from "../methods/contract";
import type { UNetShape } from "../nets/unet-layout";
import { inMemory, keepUploads, type ClientStore, type Kept } from "./client-store";
import { evaluateModel, meanDice } from "./evaluation";
import { localBatches, trainOnBatches, type TrainingConfig } from "./local-training";

export interface FederationSpec {
  readonly shape: UNetShape;
  readonly method: InsideMethod;
  readonly params: unknown;
  readonly clients: readonly SiteData[];
  readonly training: TrainingConfig;
  readonly rounds: number;
  readonly start: State;
  /** Batches of round r on site s are drawn from the child `r/s`: the same for every method. */
  readonly random: Random;
  /** Where clients' states are kept between their turns (default: in memory). */
  readonly store?: ClientStore;
}

/** What one round did, in plain numbers; lists follow the order of the clients. */
export interface RoundRecord {
  readonly round: number;
  /** Mean training loss of the round. */
  readonly loss: readonly number[];
  /** Mean volumetric Dice on the validation cases, of the model that predicts for the client and of the global model. */
  readonly personalDice: readonly number[];
  readonly globalDice: readonly number[];
  /** Bytes that each client sent and received. */
  readonly bytesUp: readonly number[];
  readonly bytesDown: readonly number[];
}

/** Everything that the next round needs, and the history so far: what a checkpoint holds. */
export interface FederationState {
  readonly global: State;
  readonly clients: readonly Kept[];
  readonly history: readonly RoundRecord[];
}

export interface FederationHooks {
  readonly signal?: AbortSignal;
  /** After every batch: batches done and to be done in the whole run. */
  readonly onBatch?: (done: number, total: number) => void;
  /** After every round, with a state that can be checkpointed. */
  readonly onRound?: (state: FederationState) => void;
}

/** @returns the state before the first round. */
export function startFederation({ method, clients, start, store = inMemory }: FederationSpec): FederationState {
  return { global: start, clients: clients.map(() => store.keep(method.start(start))), history: [] };
}

/**
 * Runs the rounds that are left. Every client takes part in every round (the official code's setting).
 * @throws Interrupted when the signal is aborted; states handed to `onRound` stay valid
 */
export async function runFederation(spec: FederationSpec, from: FederationState, hooks: FederationHooks = {}): Promise<FederationState> {
  let state = from;
  for (let round = state.history.length + 1; round <= spec.rounds; round++) {
    state = await runRound(spec, state, round, hooks);
    hooks.onRound?.(state);
  }
  return state;
}

async function runRound(spec: FederationSpec, state: FederationState, round: number, hooks: FederationHooks): Promise<FederationState> {
  const { shape, method, params, training, store = inMemory } = spec;
  const clients: Kept[] = [];
  const uploads = keepUploads(store);
  const slices: number[] = [];
  const loss: number[] = [];
  const bytesUp: number[] = [];
  const passes = training.localEpochs * (method.passes ?? 1);
  const batchesPerRound = spec.clients.reduce((sum, { parts }) => sum + Math.ceil(parts.train.count / training.batch) * passes, 0);
  let done = (round - 1) * batchesPerRound;

  for (const [index, { site, parts }] of spec.clients.entries()) {
    const losses: number[] = [];
    const random = spec.random.child(round).child(site);
    const onBatch = () => hooks.onBatch?.(++done, spec.rounds * batchesPerRound);
    const train = async (options: Pick<Parameters<typeof trainOnBatches>[0], "start" | "mixture"> & TrainOptions) => {
      const batches = localBatches(parts.train, training, random);
      const trained = await trainOnBatches({ shape, slices: parts.train, batches, optimiser: training.optimiser, signal: hooks.signal, onBatch, ...options });
      losses.push(...trained.losses);
      return trained;
    };
    const result = await method.local({
      round,
      global: state.global,
      client: state.clients[index].read(),
      params,
      train: async (start, options) => (await train({ start, ...options })).state,
      async trainMixture(start, shared, share) {
        const { state, other } = await train({ start, mixture: { with: shared, share } });
        return { own: state, shared: other as State };
      },
    });
    clients.push(store.keep(result.client));
    if (result.upload) {
      uploads.add(result.upload);
      slices.push(parts.train.count);
    }
    bytesUp.push(result.upload ? byteLength(result.upload) : 0);
    loss.push(losses.reduce((sum, value) => sum + value, 0) / losses.length);
  }
  const global = method.aggregate(uploads, slices, state.global);
  const personalDice: number[] = [];
  const globalDice: number[] = [];
  for (const [index, { parts }] of spec.clients.entries()) {
    const personal = method.predictWith(clients[index].read(), global);
    const dice = async (model: State) => meanDice(await evaluateModel(shape, model, parts.validation, false));
    globalDice.push(await dice(global));
    personalDice.push(personal === global ? globalDice[index] : await dice(personal));
  }
  // What comes back is what was averaged: as large as what was sent.
  const bytesDown = bytesUp;
  return { global, clients, history: [...state.history, { round, loss, personalDice, globalDice, bytesUp, bytesDown }] };
}
