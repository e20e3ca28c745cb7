import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import type { Random } from "../core/random";
import type { State } from "../core/state";
import type { Model } from "../nets/model/model";
import type { UNetShape } from "../nets/model/unet-layout";
import type { Recipe, Sight } from "../nets/run/recipe";
import type { Slot } from "../nets/run/slot";

/** What every method says about itself. `params` documents each hyper-parameter with the paper's symbol. */
export interface Card<Params> {
  /** Names it in experiments and records: lower case, digits and hyphens; unique among methods of its kind. */
  readonly id: string;
  /** Names it in tables. */
  readonly title: string;
  /** Authors, title, venue, year; of a control, `control: ` and what it shows. */
  readonly citation: string;
  /** Unknown names and values outside their range are refused, with the path of the value, when an experiment is planned. */
  readonly params: z.ZodType<Params>;
}

/**
 * Named states: whatever is kept, sent or received. It survives checkpoints, helper processes and resuming as it is, and what travels
 * is counted in bytes, without help from a method.
 */
export type Bag = Readonly<Record<string, State>>;

/** Weights that follow a recipe over a client's batches: see `Recipe`. */
export interface TrainedSlot {
  /** The weights before the first batch, of the model's layout; optimisers start anew in each call, as in the official code. */
  readonly start: State;
  /** What the U-Net is part of, for a method that trains more than it (default: nothing). */
  readonly model?: (network: Model) => Model;
  /** Default: plain training, with soft Dice and the experiment's optimiser. */
  readonly recipe?: Recipe;
}

/** Indices of a client's training slices, one list for each view of a batch. */
export type BatchViews = Readonly<Record<string, ArrayLike<number>>>;

/** Which batches a call of `train` goes over. */
export interface TrainOptions {
  /** How a batch is seen (default: as the one view `batch`). @param own the batches of the local epochs, in order */
  readonly views?: (own: readonly ArrayLike<number>[]) => readonly BatchViews[];
  /** How their images look (default: as they are). */
  readonly lens?: Lens;
  /** At most so many batches. */
  readonly most?: number;
  /** In place of the client's local epochs, so many. */
  readonly epochs?: number;
  /** One of them alone, from 0: the batches that it has among all. */
  readonly epoch?: number;
}

/** What a client has in its hands in a round. */
export interface ClientContext<Params> {
  /** Counted from 1; at the end, the last one. */
  readonly round: number;
  /** What the server sent for this round: see `Server.send`. */
  readonly received: Bag;
  /** What the client kept when it was last at work: see `ClientRound.keep`; before the first round, `client.start`. */
  readonly kept: Bag;
  /** As the card's schema gives them, defaults filled in. */
  readonly params: Params;
  /** How often a call of `train` passes over the client's slices, unless it asks for something else. */
  readonly localEpochs: number;
  /** @returns mean Dice of a model on the client's training cases, with its running statistics */
  score(model: State): Promise<number>;
  /**
   * Takes slots of weights over the client's training batches of this round, each of which changes one slot after the other, in the
   * order in which they are named. Every call goes over the same batches.
   * @returns the weights behind the last batch, by the names of the slots
   * @throws Diverged when a loss or a weight is no number, Interrupted when the run is stopped
   */
  train<Name extends string>(
    slots: Readonly<Record<Name, TrainedSlot>>,
    options?: TrainOptions,
  ): Promise<Record<Name, State>>;
}

/** Which client it is. */
export interface ClientPlace<Params> {
  /** From 0. */
  readonly client: number;
  /** How many there are. */
  readonly clients: number;
  /** As the card's schema gives them, defaults filled in. */
  readonly params: Params;
}

/** What a client does in a round. */
export interface ClientRound {
  /** Travels to the server; nothing for a method that does not communicate. */
  readonly send?: Bag;
  /** Default: what was kept before. */
  readonly keep?: Bag;
}

/** What arrived from one client. */
export interface Update {
  /** Its place among the clients of the federation, from 0. */
  readonly client: number;
  /** How much it counts where clients are weighed: the number of its training slices, unless the protocol has it otherwise. */
  readonly weight: number;
  /** Read from wherever it lies each time it is asked for: gone through one by one, updates need memory for one. */
  readonly sent: Bag;
}

/** What the server has in its hands in a round. */
export interface ServerContext<Params> {
  /** Counted from 1; for a prediction, the last one that is over. */
  readonly round: number;
  /** How many there are to be. */
  readonly rounds: number;
  /** What it holds: see `Server.start` and `Server.receive`. */
  readonly server: Bag;
  /** As the card's schema gives them, defaults filled in. */
  readonly params: Params;
}

/** The server of a federation; what is left out is FedAvg's. */
export interface Server<Params> {
  /** What it holds before the first round, the global model under `model` (default: that alone). */
  start?(start: State, clients: number, params: Params): Bag;
  /** What a client receives (default: the global model). */
  send?(context: ServerContext<Params> & { readonly client: number }): Bag;
  /** What it holds after a round (default: `averaging.slices`). Clients that sent nothing, or whose update was lost, have none. */
  receive?(context: ServerContext<Params> & { readonly updates: readonly Update[] }): Bag;
}

/**
 * How images look before the network sees them: called once for each view of a batch, in their order.
 * @param images `[batch, height, width, channel]`, which stay as they are @returns as many numbers
 */
export type Lens = (images: Float32Array, shape: readonly [number, number, number, number]) => Float32Array;

/** A training-time method: see `train/fedavg.ts` for the smallest one. */
export interface Training<Params = unknown> extends Card<Params> {
  /** One client holds the training slices of all, as no federation can: an upper reference. Nothing travels (default: no). */
  readonly pooled?: boolean;
  /** How a model of this method sees images where it predicts (default: as they are). @param model one that `client.predict` gave */
  sees?(model: State, params: Params): Lens | undefined;
  /** Default: FedAvg's. */
  readonly server?: Server<Params>;
  /** What a client does; it sees its own data and what it received, and no other client. */
  readonly client: {
    /** What a client holds before the first round (default: nothing). */
    start?(start: State, place: ClientPlace<Params>): Bag;
    /** One round: train, then say what is sent and what is kept. */
    round(context: ClientContext<Params>): Promise<ClientRound>;
    /** What a client holds when the last round is over, for a method that tunes before it predicts. */
    finish?(context: ClientContext<Params>): Promise<Bag>;
    /** Which weights predict for a client, given what it would receive now (default: the server's global model). */
    predict?(context: Pick<ClientContext<Params>, "received" | "kept" | "params">): State;
  };
}

/** The models that meet at an outside site: one personalised model per training client, and the global one. */
export interface ModelBank {
  /** Of the U-Net that all of them are. */
  readonly shape: UNetShape;
  /** In the order of the training clients: the model that predicts for each, see `Training.client.predict`. */
  readonly personal: readonly State[];
  readonly global: State;
}

/** Weights that follow unlabelled batches: see `Slot`. */
export interface AdaptedSlot {
  /** Default: the U-Net of the bank. */
  readonly model?: Model;
  /** Of the model's layout. */
  readonly start: State;
  /** Has no loss unless it names one: such a slot answers questions, and does not step. */
  readonly recipe?: Recipe<Sight>;
}

/** What a test-time method has in its hands: models and a source of randomness, no data yet, and never a label. */
export interface AdaptContext<Params> {
  readonly bank: ModelBank;
  /** As the card's schema gives them, defaults filled in. */
  readonly params: Params;
  /** Passes over the outside set that the experiment grants (official code: 10). */
  readonly epochs: number;
  /** Of this job alone: seeded by task, seed and held-out site. */
  readonly random: Random;
  /** Opens weights that live as long as the adapter. */
  slot(config: AdaptedSlot): Slot;
  /** Random tensors, which live until the next prediction. All draws go this way, by name, so that they can be replayed. */
  draw(name: string, make: () => Record<string, Tensor>): Record<string, Tensor>;
}

/** Passes over the unlabelled images of the outside set, batch by batch, in the order of the stream. @param see gets a batch, the caller's */
export type Visit = (see: (images: Tensor4D) => void | Promise<void>) => Promise<void>;

/** A bank of models at work on a stream of unlabelled batches. Labels cannot reach it. */
export interface Adapter {
  /** How often the runner passes over the outside set (default 1); predictions of the last pass count. */
  readonly epochs?: number;
  /** Before each pass, for a method that looks at the whole set before it predicts: it may visit it any number of times. */
  before?(visit: Visit): Promise<void>;
  /**
   * Adapts to a batch (if the method adapts) and predicts it.
   * @param images `[batch, height, width, channel]`, owned by the caller
   * @returns logits `[batch, height, width, class]`, to be disposed by the caller
   */
  predict(images: Tensor4D): Promise<Tensor4D>;
  /** What the adapter saw of itself in this epoch, for the record: mean gates, losses. Cleared by the call. */
  telemetry?(): Readonly<Record<string, readonly number[]>>;
  /** Lets go of what it holds beside its slots. */
  dispose?(): void;
}

/** A test-time method. */
export interface Adaptation<Params = unknown> extends Card<Params> {
  /** The id of the training-time method whose models it needs, since they carry what others do not (default: any). */
  readonly wants?: string;
  /** Called once for each held-out site and seed. @returns the method at work, which the runner disposes of */
  open(context: AdaptContext<Params>): Adapter;
}

/** Types a training-time method by its parameter schema. */
export function defineTraining<Params>(method: Training<Params>): Training<Params> {
  return method;
}

/** Types a test-time method by its parameter schema. */
export function defineAdaptation<Params>(method: Adaptation<Params>): Adaptation<Params> {
  return method;
}
