import type * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../core/random";
import type { Layout } from "../../core/layout";
import type { State } from "../../core/state";
import type { Parameters } from "./parameters";
import type { UNetShape } from "./unet-layout";

/** The parameters of one normalisation. */
export interface Norm {
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  /** Running mean and variance. @throws RangeError when the model has none */
  running(): { readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D };
}

/** A normalisation of a method's own: of maps `[batch, height, width, channel]`, before the ReLU. */
export type Normalise = (x: tf.Tensor4D, norm: Norm) => tf.Tensor4D;

/** How the network is passed. */
export interface Pass {
  /** Which statistics normalise: those of the batch, the running ones, or whatever a method makes of both. */
  readonly statistics: "batch" | "running" | Normalise;
  /** What happens to the output of a block, by the block's name; what comes out goes on, to the skip connection too. */
  readonly hooks?: Readonly<Record<string, (x: tf.Tensor4D) => tf.Tensor4D>>;
  /** The block behind which the pass ends: there are no logits then. */
  readonly until?: string;
  /** Of a routed network: factors of each layer's hidden gate values, `[batch, hidden]`. */
  readonly dropout?: (layer: string) => tf.Tensor2D | undefined;
}

/** What a pass gave; tensors live as long as the `tf.tidy` around it. */
export interface Forward {
  /** `[batch, height, width, class]`. @throws RangeError when the pass ended before */
  readonly logits: tf.Tensor4D;
  /** The output of every block that was passed, by its name; of a routed network each layer's gates `[batch, expert]` too. */
  readonly taps: ReadonlyMap<string, tf.Tensor>;
  /**
   * Mean and unbiased variance of every normalisation that was passed with the statistics of the batch, in the order of the layout:
   * what the running statistics take up.
   */
  readonly seen: readonly tf.Tensor1D[];
}

/** A network without its numbers. */
export interface Model {
  /** Names it in recorded programs: equal keys, equal functions. */
  readonly key: string;
  readonly shape: UNetShape;
  readonly layout: Layout;
  /** Tensors that it has beside its weights, the same for ever: the experts of a routed network. */
  readonly frozen: readonly tf.Tensor[];
  /** Weights before training: equal sources give equal weights. */
  init(random: Random): State;
  /**
   * Call it inside `tf.tidy`.
   * @param parameters by the names of the layout, without counters
   * @param images `[batch, height, width, channel]`
   * @param frozen stand for the model's own in a recorded program
   */
  apply(parameters: Parameters, images: tf.Tensor4D, pass: Pass, frozen: readonly tf.Tensor[]): Forward;
}
