import { mean } from "../../core/mean";
import type { Random } from "../../core/random";
import type { State } from "../../core/state";
import { joinSets } from "../../data/set/slice-sets";
import type { Part, SiteData, SliceSet } from "../../data/set/types";
import type { Bag, TrainedSlot, Training, TrainOptions } from "../../methods/contract";
import { unet } from "../../nets/model/unet";
import type { UNetShape } from "../../nets/model/unet-layout";
import type { StepLosses } from "../../nets/run/slot";
import { evaluateModel, meanDice, type CaseScore } from "../evaluate/evaluation";
import { epochsOf } from "../round/protocol";
import { shuffledBatches, type Sampler, type TrainingConfig } from "./batches";
import { trainSlots, type Replay } from "./train-slots";
import { addWork, noWork, type Work } from "./work";

/** What a client's part of a round depends on beside its models: the same in every process that has a hand in the federation. */
export interface ClientSpec {
  readonly shape: UNetShape;
  readonly method: Training;
  readonly params: unknown;
  readonly clients: readonly SiteData[];
  readonly training: TrainingConfig;
  /** Batches of round r on site s are drawn from the child `r/s`: the same for every method, whoever trains. */
  readonly random: Random;
  /** Default: `shuffledBatches`. */
  readonly sampler?: Sampler;
  /** Default: every recipe draws for itself. */
  readonly replay?: (client: number, round: number) => Replay;
  /** Hears the losses of every batch, in this process: those of each pass that gave a gradient. */
  readonly observe?: (client: number, round: number, losses: StepLosses) => void;
}

/** A client's training in one round, or behind the last one. */
export interface TrainingWork {
  readonly kind: "training";
  /** Index among the clients; where their slices are pooled, the first one's. */
  readonly client: number;
  readonly round: number;
  readonly finishing: boolean;
  readonly received: Bag;
  readonly kept: Bag;
}

/** Models to be scored on parts of a client's data. */
export interface EvaluationWork {
  readonly kind: "evaluation";
  readonly client: number;
  readonly parts: readonly Part[];
  readonly models: readonly State[];
  /** Whether distances between surfaces are wanted too, which cost more than Dice. */
  readonly surfaces: boolean;
}

export type ClientWork = TrainingWork | EvaluationWork;

/** What came of a client's training. */
export interface Trained {
  readonly keep: Bag;
  /** What travels to the server, if anything does. */
  readonly send: Bag | undefined;
  /** Mean over all passes that gave a gradient. */
  readonly loss: number;
  readonly work: Work;
}

/** Scores of every part, in them of every model. */
export type Evaluation = readonly (readonly (readonly CaseScore[])[])[];

export interface WorkHooks {
  readonly signal?: AbortSignal;
  /** After every batch that is trained on. */
  readonly onBatch?: () => void;
}

/** One process that does clients' work: this one, or a helper beside it. Bytes do not depend on who does what. */
export interface Executor {
  /** How many pieces of work it is given at once: a helper has the next one at hand before the last one is fetched. */
  readonly depth: number;
  /** @throws Interrupted when the signal is aborted */
  train(work: TrainingWork, hooks: WorkHooks): Promise<Trained>;
  /** @throws Interrupted when the signal is aborted */
  evaluate(work: EvaluationWork, hooks: WorkHooks): Promise<Evaluation>;
}

/** @returns this process as an executor: it does one piece of work after the other, and leaves no tensors behind */
export function ownExecutor(spec: ClientSpec): Executor {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    depth: 1,
    train: (work, hooks) => inTurn(() => trainClient(spec, work, hooks)),
    evaluate: (work, { signal }) => inTurn(() => evaluateClient(spec, work, signal)),
  };
}

async function trainClient(spec: ClientSpec, given: TrainingWork, hooks: WorkHooks): Promise<Trained> {
  const { method, params, sampler = shuffledBatches } = spec;
  const { client, round, finishing, received, kept } = given;
  const { site, slices } = traineeOf(spec, client);
  const { protocol = {}, localEpochs: everyone } = spec.training;
  const training = { ...spec.training, localEpochs: epochsOf(protocol, site, everyone) };
  const losses: number[] = [];
  let work = noWork;
  const random = spec.random.child(finishing ? "finish" : round).child(site);
  const onBatch = (found: StepLosses) => {
    spec.observe?.(client, round, found);
    hooks.onBatch?.();
  };
  const common = {
    signal: hooks.signal,
    onBatch,
    slices,
    random,
    replay: spec.replay?.(client, round),
    optimiser: training.optimiser,
  };
  const context = {
    round,
    received,
    kept,
    params,
    localEpochs: training.localEpochs,
    async score(model: State) {
      const lens = method.sees?.(model, params);
      work = addWork(work, { ...noWork, forwards: Math.ceil(slices.count / training.batch) });
      return meanDice(await evaluateModel(spec.shape, model, slices, { surfaces: false, signal: hooks.signal, lens }));
    },
    async train<Name extends string>(slots: Readonly<Record<Name, TrainedSlot>>, options: TrainOptions = {}) {
      const batches = sampler({ ...options, client, round, finishing, slices, training, random });
      const trained = await trainSlots({ ...common, model: unet(spec.shape), slots, batches, lens: options.lens });
      losses.push(...trained.losses);
      work = addWork(work, trained.work);
      return trained.states as Record<Name, State>;
    },
  };
  const result = finishing ? { keep: await method.client.finish?.(context) } : await method.client.round(context);
  const loss = mean(losses);
  return { keep: result.keep ?? kept, send: "send" in result ? result.send : undefined, loss, work };
}

const pools = new WeakMap<readonly SiteData[], SliceSet>();

/** Whose slices are trained on: a client's, or those of all, one client's behind the other's. */
function traineeOf({ method, clients }: ClientSpec, client: number): { site: string; slices: SliceSet } {
  if (!method.pooled) return { site: clients[client].site, slices: clients[client].parts.train };
  const pool =
    pools.get(clients) ??
    joinSets(
      "pool",
      clients.map(({ parts }) => parts.train),
    );
  pools.set(clients, pool);
  return { site: pool.site, slices: pool };
}

async function evaluateClient(
  { shape, clients, method, params }: ClientSpec,
  { client, parts, models, surfaces }: EvaluationWork,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const evaluation: CaseScore[][][] = [];
  for (const part of parts) {
    const scores: CaseScore[][] = [];
    for (const model of models) {
      const lens = method.sees?.(model, params);
      scores.push(await evaluateModel(shape, model, clients[client].parts[part], { surfaces, signal, lens }));
    }
    evaluation.push(scores);
  }
  return evaluation;
}
