import type { State } from "../../lib/core/state";
import { where } from "../../lib/core/where";
import type { SiteData, SliceSet } from "../../lib/data/set/types";
import type { SampleRequest } from "../../lib/federation/client/batches";
import type { ClientSpec } from "../../lib/federation/client/client-work";
import {
  predictorOf,
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../../lib/federation/round/federation";
import type { Protocol } from "../../lib/federation/round/protocol";
import type { Bag, BatchViews, ClientContext, Training } from "../../lib/methods/contract";
import type { OptimiserConfig } from "../../lib/nets/run/optimisers";
import type { StepLosses } from "../../lib/nets/run/slot";
import type { GoldenCase } from "./golden-case";
import { shapeOf, stateOf } from "./network";
import { createRandom } from "../../lib/core/random";

export type Indices = readonly number[];

export interface Run {
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
  /** Default: everybody, weighed by slices. */
  readonly protocol?: Protocol;
  readonly cohort?: FederationSpec["cohort"];
  readonly onRound?: (state: FederationState, sent: readonly (Bag | undefined)[]) => void;
}

export interface Outcome extends FederationState {
  /** The models that predict for the clients. */
  readonly personal: readonly State[];
  /** What every pass that gave a gradient lost, by round and client: its terms, the total first. */
  readonly losses: ReadonlyMap<string, StepLosses>;
  /** Counters of batches that travelled, by round and client: the oracle does not count them. */
  readonly counters: ReadonlyMap<string, Readonly<Record<"up" | "down", number>>>;
}

/** Runs the project's own federation with the oracle's start and batches. */
export async function federate(golden: GoldenCase, run: Run): Promise<Outcome> {
  const losses = new Map<string, StepLosses>();
  const heard: Heard = { client: 0, sent: [], counters: new Map() };
  const spec = {
    shape: shapeOf(golden, run.start ? "in/global/" : "init/"),
    start: run.start ?? stateOf(golden, "init/"),
    method: overheard(run.method, heard),
    params: run.method.params.parse(run.params ?? {}),
    clients: run.clients.map(asSite),
    rounds: run.rounds,
    training: { optimiser: run.optimiser, batch: 1, localEpochs: 1, protocol: run.protocol },
    cohort: run.cohort,
    random: createRandom("golden"),
    sampler({ client, round, finishing }: SampleRequest) {
      heard.client = client;
      return run.batches(client, round, finishing);
    },
    replay: run.replay,
    observe(client: number, round: number, found: StepLosses) {
      const key = `${round}/${client}`;
      losses.set(key, [...(losses.get(key) ?? []), ...found]);
    },
  };
  const final = await runFederation(spec, startFederation(spec), {
    onRound: (state) => run.onRound?.(state, heard.sent),
  });
  return {
    ...final,
    personal: run.clients.map((_, client) => predictorOf(spec, final, client)),
    losses,
    counters: heard.counters,
  };
}

interface Heard {
  /** Who trains at the moment. */
  client: number;
  readonly sent: (Bag | undefined)[];
  readonly counters: Map<string, Readonly<Record<"up" | "down", number>>>;
}

/** The same method; what clients send is remembered. */
function overheard(method: Training, heard: Heard): Training {
  const count = (bag: Bag = {}) => Object.values(bag).flatMap(({ layout }) => layout.filter(where.counter)).length;
  const round = async (context: ClientContext<unknown>) => {
    const result = await method.client.round(context);
    heard.sent[heard.client] = result.send;
    const key = `${context.round}/${heard.client}`;
    heard.counters.set(key, { up: count(result.send), down: count(context.received) });
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
