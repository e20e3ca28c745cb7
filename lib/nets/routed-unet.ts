import * as tf from "@tensorflow/tfjs-core";
import { batchNormTrain } from "../engine";
import type { Experts, LayerExperts } from "./experts";
import { gateOf, type GateKind } from "./gate";
import { parameter, type Parameters } from "./parameters";
import { batchNormEpsilon } from "./unet";
import type { UNetShape } from "./unet-layout";
import { runUNet } from "./unet-topology";

export interface RoutedNetwork {
  readonly shape: UNetShape;
  readonly experts: Experts;
  readonly gate: GateKind;
}

/** Gives the factors by which a layer's hidden gate values are multiplied, `[batch, hidden]`; the network does not dispose of them. */
export type Dropout = (layer: string) => tf.Tensor2D | undefined;

export interface RoutedForward {
  /** `[batch, height, width, class]` */
  readonly logits: tf.Tensor4D;
  /** Each layer's gates `[batch, expert]`. */
  readonly gates: ReadonlyMap<string, tf.Tensor2D>;
}

/**
 * The U-Net whose kernels are mixed for every sample: `W = sum_k r_k W_k`, weights and not outputs. Normalisations use the statistics
 * of the batch. Call it inside `tf.tidy`.
 * @param parameters as laid out by `routingLayout`
 */
export function forwardRouted(network: RoutedNetwork, parameters: Parameters, images: tf.Tensor4D, dropout?: Dropout): RoutedForward {
  const gates = new Map<string, tf.Tensor2D>();
  const mix = (x: tf.Tensor4D, name: string): { kernels: tf.Tensor4D[]; layer: LayerExperts; gate: tf.Tensor2D } => {
    const layer = network.experts.get(name);
    if (!layer) throw new RangeError(`no experts for layer "${name}"`);
    const gate = gateOf(network.gate, parameters, name, x, dropout?.(name));
    gates.set(name, gate);
    const [height, width, third, fourth] = layer.kernel;
    // One kernel below the other along the first axis, so that a cut is enough to part them.
    const stacked = tf.reshape<tf.Rank.R4>(tf.matMul(gate, layer.kernels), [x.shape[0] * height, width, third, fourth]);
    return { kernels: perSample(stacked, x.shape[0]), layer, gate };
  };
  const addMixedBias = (y: tf.Tensor4D, { biases }: LayerExperts, gate: tf.Tensor2D): tf.Tensor4D =>
    biases ? tf.add(y, tf.reshape(tf.matMul(gate, biases), [y.shape[0], 1, 1, y.shape[3]])) : y;
  const convolve = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const { kernels, layer, gate } = mix(x, name);
    const outputs = perSample(x, x.shape[0]).map((sample, index) => tf.conv2d(sample, kernels[index], 1, "same"));
    return addMixedBias(joinSamples(outputs), layer, gate);
  };

  const logits = runUNet(
    network.shape,
    {
      convolve(x, convolution, normalisation) {
        const [scale, offset] = ["weight", "bias"].map((part) => parameter<tf.Tensor1D>(parameters, `${normalisation}.${part}`));
        return tf.relu(batchNormTrain(convolve(x, convolution), scale, offset, batchNormEpsilon).y);
      },
      enlarge(x, name) {
        const { kernels, layer, gate } = mix(x, name);
        const [, height, width] = x.shape;
        const size: [number, number, number, number] = [1, 2 * height, 2 * width, layer.kernel[2]];
        const outputs = perSample(x, x.shape[0]).map((sample, index) => tf.conv2dTranspose(sample, kernels[index], size, 2, "same"));
        return addMixedBias(joinSamples(outputs), layer, gate);
      },
      classify: convolve,
    },
    images,
  );
  return { logits, gates };
}

/** Splitting's gradient is one concatenation, where slicing's would be a padded copy of the batch for every sample. */
function perSample(x: tf.Tensor4D, samples: number): tf.Tensor4D[] {
  return samples === 1 ? [x] : tf.split(x, samples);
}

function joinSamples(samples: tf.Tensor4D[]): tf.Tensor4D {
  return samples.length === 1 ? samples[0] : tf.concat(samples, 0);
}
