import type * as tf from "@tensorflow/tfjs-core";
import type { State } from "../../core/state";
import { mixedConvolution, type ImageParts } from "../../engine";
import type { Forward, Model, Pass } from "../model/model";
import type { Parameters } from "../model/parameters";
import { activation, normOf } from "../model/unet";
import type { UNetShape } from "../model/unet-layout";
import { runUNet } from "../model/unet-topology";
import { expertsOf, listExperts, type Experts } from "./experts";
import { gateOf, type GateKind } from "./gate";
import { initialiseRouting, routingLayout } from "./routing-layout";

export interface RoutedConfig {
  readonly shape: UNetShape;
  /** They stay the caller's to dispose. */
  readonly experts: Experts;
  readonly gate: GateKind;
  /** From which normalisations start. */
  readonly global: State;
}

/**
 * The U-Net whose kernels are mixed for every sample: `W = sum_k r_k W_k`, weights and not outputs. Its weights are those of the
 * normalisations and gates; a gate `[batch, expert]` is tapped under its layer's name.
 */
export function routed({ shape, experts, gate, global }: RoutedConfig): Model {
  const counts = Array.from(experts.values(), ({ kernels }) => kernels.shape[0]);
  const layout = routingLayout(shape, ({ name }) => experts.get(name)?.kernels.shape[0] ?? 0);
  return {
    key: `routed ${JSON.stringify([shape, gate, counts])}`,
    shape,
    layout,
    frozen: listExperts(experts),
    init: (random) => initialiseRouting(layout, global, random),
    apply: (parameters, images, pass, frozen) =>
      forwardRouted(shape, gate, expertsOf(shape, frozen), parameters, images, pass),
  };
}

function forwardRouted(
  shape: UNetShape,
  kind: GateKind,
  experts: Experts,
  parameters: Parameters,
  images: tf.Tensor4D,
  pass: Pass,
): Forward {
  const gates = new Map<string, tf.Tensor2D>();
  const seen: tf.Tensor1D[] = [];
  const convolve = (input: ImageParts, name: string): tf.Tensor4D => {
    const layer = experts.get(name);
    if (!layer) throw new RangeError(`no experts for layer "${name}"`);
    const { gate, x } = gateOf(kind, parameters, name, input, pass.dropout?.(name));
    gates.set(name, gate);
    return mixedConvolution(x, gate, layer, layer);
  };
  const layers = {
    convolve: (x: ImageParts, convolution: string, normalisation: string) =>
      activation(convolve(x, convolution), normOf(parameters, normalisation), pass.statistics, seen),
    enlarge: (x: tf.Tensor4D, name: string) => convolve([x], name),
    classify: (x: tf.Tensor4D, name: string) => convolve([x], name),
  };
  const { logits, taps } = runUNet(shape, layers, images, pass);
  // It has no running statistics that would take up those of the batch.
  return { logits, taps: new Map([...taps, ...gates]), seen: [] };
}
