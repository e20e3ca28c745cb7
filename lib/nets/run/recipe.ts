import type * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Where } from "../../core/where";
import type { Forward, Pass } from "../model/model";
import type { Inputs, Named } from "./named";
import type { OptimiserConfig } from "./optimisers";

/** Some images as a step sees them; without masks where there are none, or where nobody may see them. */
export interface View {
  /** `[batch, height, width, channel]` */
  readonly images: tf.Tensor4D;
  /** Classes `[batch, height, width]`. */
  readonly masks?: tf.Tensor3D | tf.Tensor4D;
}

/** The views of one batch: most recipes have one, named `batch`. */
export type Views = Readonly<Record<string, View>>;

/** What a loss sees: the network at some weights, and images. */
export interface Sight {
  /** Of the view that is looked at, `[batch, height, width, channel]`. */
  readonly images: tf.Tensor4D;
  /** Passes images through the network (default: those of the view). Running statistics follow every pass in which the batch's normalise. */
  forward(images?: tf.Tensor4D, pass?: Partial<Pass>): Forward;
}

/** The same with the labels of its images: what training sees, and no adaptation. */
export interface LabelledSight extends Sight {
  /** One-hot, `[batch, height, width, class]`. */
  readonly truth: tf.Tensor4D;
  /** Another view of the batch, by name, at weights moved by a vector like `Descending.w`, a constant of the gradient. */
  elsewhere(view: string, by: tf.Tensor): LabelledSight;
}

/** What is minimised, `total`, and terms of it that are recorded beside it. */
export type Terms = { readonly total: tf.Scalar } & Readonly<Record<string, tf.Scalar>>;

/** A named function of what a pass sees. A loss of `Sight` can be minimised without labels. */
export interface Loss<Seen extends Sight = LabelledSight> extends Named<(sight: Seen, inputs: Inputs) => Terms> {
  /** What it makes of its inputs and of the first view once a step, outside of the gradient; handed to it beside its inputs. */
  readonly prepare?: (inputs: Inputs, batch: Pick<Seen, "images" | ("truth" & keyof Seen)>) => Inputs;
}

/** Where a gradient is asked for: at other weights, for another view. */
export interface GradientRequest {
  /** A vector like `Descending.w` (default: the weights as they are). */
  readonly at?: tf.Tensor;
  /** One of the batch's views, by name (default: the first). */
  readonly view?: string;
  /** Handed to the loss beside its own inputs: constants of the gradient. */
  readonly inputs?: Inputs;
  /** Whether running statistics stay as they are (default: they follow every pass). */
  readonly still?: boolean;
}

/** What a direction is made of, inside a recorded program. */
export interface Descending {
  /** The trained entries as they are, in one vector. */
  readonly w: tf.Tensor;
  /**
   * The gradient of the loss, a vector like `w`; it may be asked for any number of times, or never. Each time counts as a pass: its loss is
   * recorded, and running statistics follow it.
   * @throws RangeError when the recipe has no loss
   */
  grad(request?: GradientRequest): tf.Tensor;
}

/** How a batch changes a slot: what stands in for the gradient, a vector like `w`. */
export type Direction = Named<(at: Descending, inputs: Inputs) => tf.Tensor>;

/** What happens behind a step, when every slot has taken its own. @returns the trained entries */
export type After = Named<(at: Pick<Descending, "w">, inputs: Inputs) => tf.Tensor>;

/** Random tensors by name, drawn anew for each step; whoever asks for them disposes of them. */
export type Draws = (random: Random, images: [number, number, number, number]) => Record<string, tf.Tensor>;

/** How batches change a slot of weights; every part has a default, which together are plain training. */
export interface Recipe<Seen extends Sight = LabelledSight> {
  /** Default in training: soft Dice. */
  readonly loss?: Loss<Seen>;
  /** Which entries are trained (default: all weights). Running statistics follow the passes in any case, as in PyTorch's train mode. */
  readonly trains?: Where;
  /** Default: the statistics of the batch. */
  readonly pass?: Named<(inputs: Inputs) => Pass>;
  /**
   * Other slots whose logits on the first view are inputs, by the names of these: as they answer, in train mode, before any slot steps on
   * the batch. Their pass takes no inputs (default: none).
   */
  readonly hears?: Readonly<Record<string, string>>;
  /** Default: the gradient itself. */
  readonly direction?: Direction;
  /** Default, each part by itself: the experiment's. */
  readonly optimiser?: Partial<OptimiserConfig>;
  /** Steps on each batch (default 1); with 0 only `after` changes the slot. */
  readonly steps?: number;
  /** Default: none. */
  readonly draws?: Draws;
  /** Default: nothing. */
  readonly after?: After;
}
