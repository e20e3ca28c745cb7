import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../core/random";
import { createLayout, layoutSize, type Layout } from "../../core/layout";
import { hashState, joined, type State } from "../../core/state";
import { both, where } from "../../core/where";
import type { Model } from "../../nets/model/model";
import { parameter } from "../../nets/model/parameters";

/** A linear layer beside the network, on the mean over pixels of a block's output. */
export interface Head {
  /** Names its entries, and its scores among a pass's taps. */
  readonly name: string;
  readonly tap: string;
  readonly outputs: number;
}

/** @returns the entries of a head, and nothing else */
export const ofHead = ({ name }: Head) => where.block(`${name} head`);

function entriesOf({ name, tap, outputs }: Head, network: Layout) {
  const inputs = network.filter(both(where.normAffine, where.block(tap))).at(-1)?.size;
  if (inputs === undefined) throw new RangeError(`the network has no block "${tap}"`);
  const block = `${name} head`;
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], role: "kernel", block },
    { name: `${name}.bias`, shape: [outputs], role: "bias", block },
  ] as const;
}

/** The network with a head: its scores `[batch, output]` are tapped under its name. */
export function withHead(network: Model, head: Head): Model {
  const { name, tap } = head;
  return {
    ...network,
    key: `${network.key} with ${JSON.stringify([name, tap, head.outputs])}`,
    layout: createLayout([...network.layout, ...entriesOf(head, network.layout)]),
    init: (random) => withHeadStart(network.init(random), head),
    apply(parameters, images, pass, frozen) {
      const forward = network.apply(parameters, images, pass, frozen);
      const mean = tf.mean(forward.taps.get(tap) as tf.Tensor4D, [1, 2]) as tf.Tensor2D;
      const weight = parameter<tf.Tensor2D>(parameters, `${name}.weight`);
      const scores = tf.add(tf.matMul(mean, weight, false, true), parameter(parameters, `${name}.bias`));
      return {
        get logits() {
          return forward.logits;
        },
        taps: new Map([...forward.taps, [name, scores]]),
        seen: forward.seen,
      };
    },
  };
}

/**
 * A state with a head as PyTorch starts linear layers, uniform in +-1/sqrt(inputs): drawn from the state that it joins, so that equal
 * networks start with equal heads.
 */
export function withHeadStart(state: State, head: Head): State {
  const layout = createLayout(entriesOf(head, state.layout));
  const random = createRandom(hashState(state)).child(head.name);
  const bound = 1 / Math.sqrt(layout[0].shape[1]);
  const values = Float32Array.from({ length: layoutSize(layout) }, () => random.uniform(-bound, bound));
  return joined(state, { layout, values });
}

/** @param scores `[batch, output]` @param labels one-hot @returns the cross-entropy, mean over the batch */
export const crossEntropy = (scores: tf.Tensor, labels: tf.Tensor): tf.Scalar =>
  tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(scores)), 1))) as tf.Scalar;
