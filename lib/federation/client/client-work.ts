import type { Random } from "../../core/random";
import type { State } from "../../core/state";
import type { Part, SiteData } from "../../data/set/types";
import type { ClientState, InsideMethod, TrainOptions } from "../../methods/contract";
import type { UNetShape } from "../../nets/model/unet-layout";
import { evaluateModel, type CaseScore } from "../evaluate/evaluation";
import { localBatches, trainOnBatches, type TrainingConfig } from "./local-training";

/** What a client's part of a round depends on beside its models: the same in every process that has a hand in the federation. */
export interface ClientSpec {
  readonly shape: UNetShape;
  readonly method: InsideMethod;
  readonly params: unknown;
  readonly clients: readonly SiteData[];
  readonly training: TrainingConfig;
  /** Batches of round r on site s are drawn from the child `r/s`: the same for every method, whoever trains. */
  readonly random: Random;
}

/** A client's training in one round. */
export interface TrainingWork {
  readonly kind: "training";
  /** Index among the clients. */
  readonly client: number;
  readonly round: number;
  readonly global: State;
  readonly state: ClientState;
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

export interface Training {
  readonly state: ClientState;
  /** What travels to the server, if anything does. */
  readonly upload: State | undefined;
  /** Mean over the batches. */
  readonly loss: number;
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
  train(work: TrainingWork, hooks: WorkHooks): Promise<Training>;
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

async function trainClient(
  spec: ClientSpec,
  { client, round, global, state }: TrainingWork,
  { signal, onBatch }: WorkHooks,
): Promise<Training> {
  const { shape, method, params, training } = spec;
  const { site, parts } = spec.clients[client];
  const losses: number[] = [];
  const random = spec.random.child(round).child(site);
  const train = async (options: Pick<Parameters<typeof trainOnBatches>[0], "start" | "mixture"> & TrainOptions) => {
    const batches = localBatches(parts.train, training, random);
    const trained = await trainOnBatches({
      shape,
      slices: parts.train,
      batches,
      optimiser: training.optimiser,
      signal,
      onBatch,
      ...options,
    });
    losses.push(...trained.losses);
    return trained;
  };
  const result = await method.local({
    round,
    global,
    client: state,
    params,
    train: async (start, options) => (await train({ start, ...options })).state,
    async trainMixture(start, shared, share) {
      const { state: own, other } = await train({ start, mixture: { with: shared, share } });
      return { own, shared: other as State };
    },
  });
  return {
    state: result.client,
    upload: result.upload,
    loss: losses.reduce((sum, value) => sum + value, 0) / losses.length,
  };
}

async function evaluateClient(
  { shape, clients }: ClientSpec,
  { client, parts, models, surfaces }: EvaluationWork,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const evaluation: CaseScore[][][] = [];
  for (const part of parts) {
    const scores: CaseScore[][] = [];
    for (const model of models)
      scores.push(await evaluateModel(shape, model, clients[client].parts[part], surfaces, signal));
    evaluation.push(scores);
  }
  return evaluation;
}
