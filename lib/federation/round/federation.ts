import type { State } from "../../core/state";
import type { Bag } from "../../methods/contract";
import { averaging } from "../../methods/parts/averaging";
import { inMemory, type ClientStore, type Kept } from "../store/client-store";
import { ownExecutor, type ClientSpec, type Executor } from "../client/client-work";
import { addWork, noWork, type Work } from "../client/work";
import { meanDice } from "../evaluate/evaluation";
import { bestWith, type Best } from "./best";
import { trackBatches, type BatchProgress } from "./progress";
import { bytesOf, updateFrom } from "./update";
import { drawCohort, weightOf, type Cohort } from "./protocol";
import { schedule } from "./schedule";
import { tellingWhere } from "./telling-where";

export interface FederationSpec extends ClientSpec {
  readonly rounds: number;
  readonly start: State;
  /** Where clients' states are kept between their turns (default: in memory). */
  readonly store?: ClientStore;
  /** Who takes part (default: as the protocol of the training has it). */
  readonly cohort?: (round: number) => Cohort;
}

/** What one round did, in plain numbers; lists follow the order of the clients. */
export interface RoundRecord {
  readonly round: number;
  /** Mean training loss of the round; of a client that did not train, none. */
  readonly loss: readonly (number | null)[];
  /** Mean volumetric Dice on the validation cases, of the model that predicts for the client and of the global model. */
  readonly personalDice: readonly number[];
  readonly globalDice: readonly number[];
  /** Bytes that each client sent and received. */
  readonly bytesUp: readonly number[];
  readonly bytesDown: readonly number[];
}

/** Everything that the next round needs, and the history so far: what a checkpoint holds. */
export interface FederationState {
  /** What the server holds, the global model under `model`. */
  readonly server: Bag;
  readonly clients: readonly Kept[];
  readonly history: readonly RoundRecord[];
  /** Of all clients so far. */
  readonly work: Work;
  /** Where models are chosen by validation: the best so far. */
  readonly best?: Best;
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
export function startFederation(spec: FederationSpec): FederationState {
  const { method, clients, start, params, store = inMemory } = spec;
  const place = (client: number) => ({ client, clients: clients.length, params });
  return {
    server: method.server?.start?.(start, clients.length, params) ?? { model: start },
    clients: clients.map((_, client) => store.keep(method.client.start?.(start, place(client)) ?? {})),
    history: [],
    work: noWork,
  };
}

/**
 * Runs the rounds that are left, and what the method does behind them. Every client takes part in every round (the official code's
 * setting), unless the protocol has it otherwise.
 * @throws Interrupted when the signal is aborted, Diverged naming client and round; states handed to `onRound` stay valid
 */
export async function runFederation(
  spec: FederationSpec,
  from: FederationState,
  hooks: FederationHooks = {},
): Promise<FederationState> {
  let state = from;
  const own = ownExecutor(spec);
  const progress = trackBatches(spec, hooks.onBatch);
  for (let round = state.history.length + 1; round <= spec.rounds; round++) {
    state = await runRound(spec, state, round, executorsOf(own, hooks), hooks, progress);
    hooks.onRound?.(state);
  }
  return spec.method.client.finish ? finish(spec, state, executorsOf(own, hooks), hooks) : state;
}

/** @returns who works at the moment; helpers first: they are told what to do before this process is busy itself */
export function executorsOf(own: Executor, { helpers }: Pick<FederationHooks, "helpers">): () => Executor[] {
  return () => [...(helpers?.(own) ?? []), own];
}

/** @returns what a client would receive now */
function sentTo(spec: FederationSpec, server: Bag, round: number, client: number): Bag {
  const { method, params, rounds } = spec;
  return method.server?.send?.({ server, round, rounds, params, client }) ?? { model: server.model };
}

/** The global model, of the last round or of the best. */
export const globalOf = ({ best, server }: FederationState): State => best?.global.kept.read().model ?? server.model;

/** The model that predicts for a client, of the last round or of the best. @returns the global model itself where that does */
export function predictorOf(spec: FederationSpec, state: FederationState, client: number): State {
  if (state.best) return state.best.personal[client].kept.read().model;
  return predictorBehind(spec, state.history.length, state, client);
}

function predictorBehind(
  spec: FederationSpec,
  round: number,
  { server, clients }: Pick<FederationState, "server" | "clients">,
  client: number,
): State {
  const { method, params } = spec;
  if (!method.client.predict) return server.model;
  return method.client.predict({
    params,
    kept: clients[client].read(),
    get received() {
      return sentTo(spec, server, round, client);
    },
  });
}

/** Who takes part in a round. */
function cohortOf(spec: FederationSpec, round: number): Cohort {
  if (spec.method.pooled) return { invited: [0], lost: [] };
  const sites = spec.clients.map(({ site }) => site);
  return (
    spec.cohort?.(round) ?? drawCohort(spec.training.protocol ?? {}, sites, spec.random.child("cohort").child(round))
  );
}

async function runRound(
  spec: FederationSpec,
  state: FederationState,
  round: number,
  executors: () => Executor[],
  hooks: FederationHooks,
  progress: BatchProgress,
): Promise<FederationState> {
  const { method, params, rounds, store = inMemory } = spec;
  const { invited, lost } = cohortOf(spec, round);
  const slices = spec.clients.map(({ parts }) => parts.train.count);
  const costs = invited.map((client) => slices[client]);
  progress.begin(round, invited);
  const trained = await schedule(executors(), costs, async (executor, index): Promise<TakenPart> => {
    const client = invited[index];
    const received = sentTo(spec, state.server, round, client);
    const kept = state.clients[client].read();
    const work = { kind: "training", client, round, finishing: false, received, kept } as const;
    const {
      keep,
      send,
      loss,
      work: done,
    } = await tellingWhere(spec, client, round, () =>
      executor.train(work, { signal: hooks.signal, onBatch: () => progress.count(client) }),
    );
    const arrives = send !== undefined && !lost.includes(client);
    const bytes = { up: arrives ? bytesOf(send) : 0, down: bytesOf(received) };
    return { client, kept: store.keep(keep), sent: arrives ? store.keep(send) : undefined, loss, bytes, done };
  });
  progress.end();
  const partOf = (client: number) => trained.find((each) => each.client === client);
  const clients = state.clients.map((kept, client) => partOf(client)?.kept ?? kept);
  const weight = (client: number) => weightOf(spec.training.protocol ?? {}, slices[client]);
  const updates = trained.flatMap(({ client, sent }) => (sent ? [updateFrom(client, weight(client), sent)] : []));
  const received = { server: state.server, updates, round, rounds, params };
  const server = method.server?.receive?.(received) ?? averaging.slices(received);
  const dice = await validate(spec, round, { server, clients }, executors, hooks);
  // Where the slices are, there is the server: pooled ones have no way to go.
  const bytes = (way: "up" | "down") => clients.map((_, c) => (method.pooled ? 0 : (partOf(c)?.bytes[way] ?? 0)));
  const record: RoundRecord = {
    round,
    loss: clients.map((_, client) => partOf(client)?.loss ?? null),
    personalDice: dice.map((each) => each[each.length - 1]),
    globalDice: dice.map(([first]) => first),
    bytesUp: bytes("up"),
    bytesDown: bytes("down"),
  };
  const work = trained.map(({ done }) => done).reduce(addWork, state.work);
  const models = {
    global: server.model,
    personal: (c: number) => predictorBehind(spec, round, { server, clients }, c),
  };
  const best = spec.training.selection === "validation" ? bestWith(state.best, record, models, store) : undefined;
  return { server, clients, history: [...state.history, record], work, ...(best && { best }) };
}

/** What came of a client's part in a round. */
interface TakenPart {
  readonly client: number;
  readonly kept: Kept;
  readonly sent: Kept | undefined;
  readonly loss: number;
  readonly bytes: { readonly up: number; readonly down: number };
  readonly done: Work;
}

/** Mean Dice of every client's validation cases: of the global model, and of the one that predicts for it. */
async function validate(
  spec: FederationSpec,
  round: number,
  state: Pick<FederationState, "server" | "clients">,
  executors: () => Executor[],
  { signal }: FederationHooks,
): Promise<number[][]> {
  const counts = spec.clients.map(({ parts }) => parts.validation.count);
  const { model } = state.server;
  return schedule(executors(), counts, async (executor, client) => {
    const personal = predictorBehind(spec, round, state, client);
    const models = personal === model ? [model] : [model, personal];
    const work = { kind: "evaluation", client, parts: ["validation"], models, surfaces: false } as const;
    const [scores] = await tellingWhere(spec, client, round, () => executor.evaluate(work, { signal }));
    return scores.map(meanDice);
  });
}

/** What clients do behind the last round. It is done anew when a run is resumed there. */
async function finish(
  spec: FederationSpec,
  state: FederationState,
  executors: () => Executor[],
  { signal }: FederationHooks,
): Promise<FederationState> {
  const { store = inMemory } = spec;
  const round = state.history.length;
  const slices = spec.clients.map(({ parts }) => parts.train.count);
  const finished = await schedule(executors(), slices, async (executor, client) => {
    const at = { received: sentTo(spec, state.server, round, client), kept: state.clients[client].read() };
    const work = { kind: "training", client, round, finishing: true, ...at } as const;
    const { keep, work: done } = await tellingWhere(spec, client, round, () => executor.train(work, { signal }));
    return { kept: store.keep(keep), done };
  });
  const work = finished.map(({ done }) => done).reduce(addWork, state.work);
  return { ...state, clients: finished.map(({ kept }) => kept), work };
}
