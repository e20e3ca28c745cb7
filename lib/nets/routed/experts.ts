import * as tf from "@tensorflow/tfjs-core";
import { type State, valuesOf } from "../../core/state";
import type { ExpertWeights } from "../../engine";
import { unetLayers, type Layer, type UNetShape } from "../model/unet-layout";

/** The frozen kernels among which one layer's gate chooses, one row for each expert. */
export interface LayerExperts extends Layer, ExpertWeights {}

export type Experts = ReadonlyMap<string, LayerExperts>;

/** Which experts an ordinary convolution has: all, or, as published, all but the last client (`nets/routeconv.py:33`, client_num=4). */
export type OrdinaryExperts = "all" | "without-last-client";

/** @returns the states whose kernels a layer mixes: the clients in order, the global model last, where it is an expert. */
export function expertStates(
  layer: Layer,
  personal: readonly State[],
  global: State | undefined,
  ordinary: OrdinaryExperts,
): State[] {
  const dropped = ordinary === "without-last-client" && !layer.transposed ? 1 : 0;
  return [...personal.slice(0, personal.length - dropped), ...(global ? [global] : [])];
}

/** Brings every layer's experts onto the engine. Kept, whatever `tf.tidy` this is called in, until `disposeExperts`. */
export function uploadExperts(
  shape: UNetShape,
  personal: readonly State[],
  global: State | undefined,
  ordinary: OrdinaryExperts,
): Experts {
  return new Map(
    unetLayers(shape).map((layer) => {
      const states = expertStates(layer, personal, global, ordinary);
      const rows = (part: string) =>
        tf.keep(
          tf.stack(states.map((state) => tf.tensor1d(valuesOf(state, `${layer.name}.${part}`).slice()))) as tf.Tensor2D,
        );
      const kernels = tf.tidy(() => rows("weight"));
      return [layer.name, { ...layer, kernels, ...(layer.biased && { biases: tf.tidy(() => rows("bias")) }) }];
    }),
  );
}

/** @returns the tensors of all layers in one list, as a program takes them. */
export function listExperts(experts: Experts): tf.Tensor[] {
  return [...experts.values()].flatMap(({ kernels, biases }) => [kernels, ...(biases ? [biases] : [])]);
}

/** The inverse of `listExperts`. */
export function expertsOf(shape: UNetShape, tensors: readonly tf.Tensor[]): Experts {
  let next = 0;
  const take = () => tensors[next++] as tf.Tensor2D;
  return new Map(
    unetLayers(shape).map((layer) => [
      layer.name,
      { ...layer, kernels: take(), ...(layer.biased && { biases: take() }) },
    ]),
  );
}

export function disposeExperts(experts: Experts): void {
  tf.dispose(listExperts(experts));
}
