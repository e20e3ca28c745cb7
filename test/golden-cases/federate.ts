import type { State } from "../../lib/core/state";
import type { SiteData, SliceSet } from "../../lib/data/set/types";
import type { ClientSpec } from "../../lib/federation/client/client-work";
import {
  predictorOf,
  runFederation,
  startFederation,
  type FederationState,
} from "../../lib/federation/round/federation";
import type { Bag, BatchViews, ClientContext, Training } from "../../lib/methods/contract";
import type { OptimiserConfig } from "../../lib/nets/run/optimisers";
import type { GoldenCase } from "./golden-case";
import { shapeOf, stateOf } from "./network";
import { createRandom } from "../../lib/core/random";

export type Indices = readonly number[];

interface Run {
  /** Default: the state below `init/`. */
  readonly start?: State;
  readonly method: Training;
  readonly params?: object;
  readonly rounds: number;
  readonly optimiser: OptimiserConfig;
  /** The oracle's batches. */
  readonly batches: (client: number, round: number, finishing: boolean) => readonly BatchViews[];
  readonly clients: readonly SliceSet[];
  readonly replay?: ClientSpec["replay"];
  readonly onRound?: (state: FederationState, sent: readonly (Bag | undefined)[]) => void;
}

export interface Outcome extends FederationState {
  /** The models that predict for the clients. */
  readonly personal: readonly State[];
  /** What every batch lost, by round and client. */
  readonly losses: ReadonlyMap<string, readonly number[]>;
}

/** Runs the project's own federation with the oracle's start and batches. */
export async function federate(golden: GoldenCase, run: Run): Promise<Outcome> {
  const losses = new Map<string, number[]>();
  const sent: (Bag | undefined)[] = [];
  const spec = {
    shape: shapeOf(golden, run.start ? "in/global/" : "init/"),
    start: run.start ?? stateOf(golden, "init/"),
    method: overheard(run.method, run.clients, sent),
    params: run.method.params.parse(run.params ?? {}),
    clients: run.clients.map(asSite),
    rounds: run.rounds,
    training: { optimiser: run.optimiser, batch: 1, localEpochs: 1 },
    random: createRandom("golden"),
    sampler: (request: { client: number; round: number; finishing: boolean }) =>
      run.batches(request.client, request.round, request.finishing),
    replay: run.replay,
    observe(client: number, round: number, found: readonly number[]) {
      const key = `${round}/${client}`;
      losses.set(key, [...(losses.get(key) ?? []), ...found]);
    },
  };
  const final = await runFederation(spec, startFederation(spec), { onRound: (state) => run.onRound?.(state, sent) });
  return { ...final, personal: run.clients.map((_, client) => predictorOf(spec, final, client)), losses };
}

/** The same method; what a client sends is remembered. */
function overheard(method: Training, clients: readonly SliceSet[], sent: (Bag | undefined)[]): Training {
  let next = 0;
  const round = async (context: ClientContext<unknown>) => {
    const result = await method.client.round(context);
    sent[next++ % clients.length] = result.send;
    return result;
  };
  return { ...method, client: { ...method.client, round } };
}

/** A client whose slices only train. */
function asSite(train: SliceSet): SiteData {
  const none = { ...train, count: 0, stack: new Int32Array(), masks: new Uint8Array(), cases: [] };
  return { site: train.site, parts: { train, validation: none, test: none } };
}

/** The images and masks of one client, as the training loop takes them. */
export function slicesOf(golden: GoldenCase, client: number, place = `client${client}`): SliceSet {
  const input = golden.tensor(`${place}/input`);
  const [count, channels, height, width] = input.shape;
  const masks = Uint8Array.from(golden.tensor(`${place}/mask`).data as Float32Array);
  return {
    site: `client${client}`,
    count,
    channels,
    height,
    width,
    planes: input.data as Float32Array,
    stack: Int32Array.from({ length: count * channels }, (_, i) => i),
    masks,
    cases: [],
  };
}

/** A schedule of plain batches: `schedule[round][client]`. */
export const plain = (schedule: readonly (readonly (readonly Indices[])[])[]) => (client: number, round: number) =>
  schedule[round - 1][client].map((batch) => ({ batch }));
