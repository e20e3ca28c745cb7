import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import type { Random } from "../core/random";
import type { Entry, State } from "../core/state";
import type { UNetShape } from "../nets/model/unet-layout";

/** What a client keeps between rounds: named states, so that checkpointing and byte accounting need no help from a method. */
export type ClientState = Readonly<Record<string, State>>;

/** What every method says about itself. `params` documents each hyper-parameter with the paper's symbol. */
interface MethodCard<Params> {
  readonly id: string;
  readonly title: string;
  readonly citation: string;
  readonly params: z.ZodType<Params>;
}

/** How one call of local training departs from plain training. */
export interface TrainOptions {
  /** Adds `strength / 2 * ||w - to||^2` over the trained weights to the loss. */
  readonly proximal?: { readonly to: State; readonly strength: number };
  /** Which entries are trained (default: every weight). */
  readonly trainable?: (entry: Entry) => boolean;
}

export interface LocalContext<Params> {
  readonly round: number;
  /** The global model as the server sent it. */
  readonly global: State;
  readonly client: ClientState;
  readonly params: Params;
  /** Trains from `start` on this client's training slices for the local epochs of the experiment. */
  train(start: State, options?: TrainOptions): Promise<State>;
  /**
   * The same for two models at once, batch by batch: `shared` takes plain steps, `own` steps down the gradient of the mixture
   * `share * own + (1 - share) * shared` as both are before the batch; the running statistics of `own` are the mixture's.
   */
  trainMixture(own: State, shared: State, share: number): Promise<{ readonly own: State; readonly shared: State }>;
}

export interface LocalResult {
  /** What travels to the server; `undefined` for a method that does not communicate. */
  readonly upload: State | undefined;
  readonly client: ClientState;
}

/** A training-time (inside) method: see `inside/fedavg.ts` for the smallest one. */
export interface InsideMethod<Params = unknown> extends MethodCard<Params> {
  /** How often a round passes over a client's batches (default 1): what progress is measured by. */
  readonly passes?: number;
  /** What a client holds before the first round. */
  start(global: State): ClientState;
  /** One client's part of one round. */
  local(context: LocalContext<Params>): Promise<LocalResult>;
  /**
   * The server's part: the new global model from the uploads, weighted by numbers of training slices. Uploads may lie on disk: gone
   * through one by one, as `weightedMean` does, they need memory for one.
   */
  aggregate(uploads: Iterable<State>, slices: readonly number[], global: State): State;
  /** Which weights predict for a client. */
  predictWith(client: ClientState, global: State): State;
}

/** The models that meet at an outside site: one personalised model per training client, and the global one. */
export interface ModelBank {
  readonly shape: UNetShape;
  readonly personal: readonly State[];
  readonly global: State;
}

export interface AdaptContext<Params> {
  readonly bank: ModelBank;
  readonly params: Params;
  /** Passes over the outside set that the experiment grants (official code: 10). */
  readonly epochs: number;
  readonly random: Random;
}

/** A bank of models at work on a stream of unlabelled batches. Labels cannot reach it. */
export interface Adapter {
  /** How often the runner passes over the outside set; predictions of the last pass count. */
  readonly epochs: number;
  /**
   * Adapts to a batch (if the method adapts) and predicts it.
   * @param images `[batch, height, width, channel]`, owned by the caller
   * @returns logits `[batch, height, width, class]`, to be disposed by the caller
   */
  predict(images: Tensor4D): Promise<Tensor4D>;
  /** What the adapter saw of itself in this epoch, for the record: mean gates, losses. Cleared by the call. */
  telemetry?(): Readonly<Record<string, readonly number[]>>;
  dispose(): void;
}

/** A test-time (outside) method. */
export interface OutsideMethod<Params = unknown> extends MethodCard<Params> {
  start(context: AdaptContext<Params>): Adapter;
}

/** Types a training-time method by its parameter schema. */
export function defineInside<Params>(method: InsideMethod<Params>): InsideMethod<Params> {
  return method;
}

/** Types a test-time method by its parameter schema. */
export function defineOutside<Params>(method: OutsideMethod<Params>): OutsideMethod<Params> {
  return method;
}
