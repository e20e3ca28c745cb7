import type * as tf from "@tensorflow/tfjs-core";
import { batchNormReluTrain, mixedConvolution, type ImageParts } from "../../engine";
import type { Experts } from "./experts";
import { gateOf, type GateKind } from "./gate";
import { parameter, type Parameters } from "../model/parameters";
import { batchNormEpsilon } from "../model/unet";
import type { UNetShape } from "../model/unet-layout";
import { runUNet } from "../model/unet-topology";

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
export function forwardRouted(
  network: RoutedNetwork,
  parameters: Parameters,
  images: tf.Tensor4D,
  dropout?: Dropout,
): RoutedForward {
  const gates = new Map<string, tf.Tensor2D>();
  const convolve = (input: ImageParts, name: string): tf.Tensor4D => {
    const layer = network.experts.get(name);
    if (!layer) throw new RangeError(`no experts for layer "${name}"`);
    const { gate, x } = gateOf(network.gate, parameters, name, input, dropout?.(name));
    gates.set(name, gate);
    return mixedConvolution(x, gate, layer, layer);
  };

  const logits = runUNet(
    network.shape,
    {
      convolve(x, convolution, normalisation) {
        const [scale, offset] = ["weight", "bias"].map((part) =>
          parameter<tf.Tensor1D>(parameters, `${normalisation}.${part}`),
        );
        return batchNormReluTrain(convolve(x, convolution), scale, offset, batchNormEpsilon).y;
      },
      enlarge: (x, name) => convolve([x], name),
      classify: (x, name) => convolve([x], name),
    },
    images,
  );
  return { logits, gates };
}
