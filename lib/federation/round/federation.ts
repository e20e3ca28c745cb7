import { byteLength, type State } from "../../core/state";
import { inMemory, readUploads, type ClientStore, type Kept } from "../store/client-store";
import { ownExecutor, type ClientSpec, type Executor } from "../client/client-work";
import { meanDice } from "../evaluate/evaluation";
import { schedule } from "./schedule";

export interface FederationSpec extends ClientSpec {
  readonly rounds: number;
  readonly start: State;
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
  /** Who helps this process at the moment: asked whenever there is work for every client. `own` does what a helper leaves undone. */
  readonly helpers?: (own: Executor) => readonly Executor[];
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
export async function runFederation(
  spec: FederationSpec,
  from: FederationState,
  hooks: FederationHooks = {},
): Promise<FederationState> {
  let state = from;
  const own = ownExecutor(spec);
  for (let round = state.history.length + 1; round <= spec.rounds; round++) {
    state = await runRound(spec, state, round, executorsOf(own, hooks), hooks);
    hooks.onRound?.(state);
  }
  return state;
}

/** @returns who works at the moment; helpers first: they are told what to do before this process is busy itself */
export function executorsOf(own: Executor, { helpers }: Pick<FederationHooks, "helpers">): () => Executor[] {
  return () => [...(helpers?.(own) ?? []), own];
}

async function runRound(
  spec: FederationSpec,
  state: FederationState,
  round: number,
  executors: () => Executor[],
  hooks: FederationHooks,
): Promise<FederationState> {
  const { method, store = inMemory } = spec;
  const countBatch = batchCounter(spec, round, hooks);
  const slices = spec.clients.map(({ parts }) => parts.train.count);
  const trained = await schedule(executors(), slices, async (executor, client) => {
    const work = {
      kind: "training",
      client,
      round,
      global: state.global,
      state: state.clients[client].read(),
    } as const;
    const {
      state: own,
      upload,
      loss,
    } = await executor.train(work, { signal: hooks.signal, onBatch: () => countBatch(client) });
    return {
      client: store.keep(own),
      upload: upload && store.keep({ upload }),
      loss,
      bytesUp: upload ? byteLength(upload) : 0,
    };
  });
  const clients = trained.map(({ client }) => client);
  const senders = trained.flatMap(({ upload }, client) => (upload ? { upload, slices: slices[client] } : []));
  const global = method.aggregate(
    readUploads(senders.map(({ upload }) => upload)),
    senders.map((sender) => sender.slices),
    state.global,
  );

  const validation = spec.clients.map(({ parts }) => parts.validation.count);
  const dice = await schedule(executors(), validation, async (executor, client) => {
    const personal = method.predictWith(clients[client].read(), global);
    const models = personal === global ? [global] : [global, personal];
    const [scores] = await executor.evaluate(
      { kind: "evaluation", client, parts: ["validation"], models, surfaces: false },
      { signal: hooks.signal },
    );
    return scores.map(meanDice);
  });
  const bytesUp = trained.map((each) => each.bytesUp);
  const record: RoundRecord = {
    round,
    loss: trained.map(({ loss }) => loss),
    personalDice: dice.map((each) => each[each.length - 1]),
    globalDice: dice.map(([first]) => first),
    bytesUp,
    // What comes back is what was averaged: as large as what was sent.
    bytesDown: bytesUp,
  };
  return { global, clients, history: [...state.history, record] };
}

/** @returns what counts a client's batches; a client that is trained once more, because its helper died, is not counted twice */
function batchCounter(
  { clients, training, method, rounds }: FederationSpec,
  round: number,
  { onBatch }: FederationHooks,
): (client: number) => void {
  const passes = training.localEpochs * (method.passes ?? 1);
  const due = clients.map(({ parts }) => Math.ceil(parts.train.count / training.batch) * passes);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const done = clients.map(() => 0);
  return (client) => {
    done[client] = Math.min(done[client] + 1, due[client]);
    onBatch?.((round - 1) * sum(due) + sum(done), rounds * sum(due));
  };
}
