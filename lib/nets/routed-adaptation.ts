import * as tf from "@tensorflow/tfjs-core";
import type { Entry, State } from "../core/state";
import { disposeExperts, type Experts } from "./experts";
import type { GateKind } from "./gate";
import { createOptimiser } from "./optimisers";
import { download, namedTensors, type Parameters, select, upload } from "./parameters";
import { forwardRouted, type Dropout } from "./routed-unet";
import { routingObjective, type Augmentation, type ObjectiveConfig } from "./routing-objective";
import type { UNetShape } from "./unet-layout";

export interface AdaptationConfig {
  readonly shape: UNetShape;
  /** Taken over: disposed of with the adaptation. */
  readonly experts: Experts;
  readonly gate: GateKind;
  /** Gates and normalisations at the start, as laid out by `routingLayout`. */
  readonly start: State;
  /** Which of them are adapted. */
  readonly trainable: (entry: Entry) => boolean;
  readonly objective: ObjectiveConfig;
  readonly learningRate: number;
}

/** The terms of the objective before a step, and their weighted sum. */
export type AdaptationLosses = Readonly<Record<"total" | "entropy" | "consistency" | "shape", number>>;

/** A routed U-Net that follows unlabelled batches by Adam. Keeps tensors, whatever `tf.tidy` it is used in, until it is disposed of. */
export interface RoutedAdaptation {
  step(images: tf.Tensor4D, augmentation: Augmentation): Promise<AdaptationLosses>;
  /**
   * @returns logits `[batch, height, width, class]`, the caller's to dispose, and for every layer each expert's gate, averaged over the
   * batch
   */
  predict(images: tf.Tensor4D, dropout?: Dropout): Promise<{ logits: tf.Tensor4D; gates: Record<string, number[]> }>;
  state(): Promise<State>;
  dispose(): void;
}

export function createRoutedAdaptation({ shape, experts, gate, start, trainable, objective, learningRate }: AdaptationConfig): RoutedAdaptation {
  const network = { shape, experts, gate };
  const adapted = select(start.layout, trainable);
  const frozen = select(start.layout, (entry) => !trainable(entry));
  const optimiser = createOptimiser({ kind: "adam", learningRate });
  const fixed = tf.keep(upload(start, frozen));
  let vector = tf.keep(upload(start, adapted));
  const parametersFrom = (values: tf.Tensor1D): Parameters => new Map([...namedTensors(values, adapted), ...namedTensors(fixed, frozen)]);

  return {
    async step(images, augmentation) {
      const { terms: values, next } = tf.tidy(() => {
        let terms: tf.Tensor[] = [];
        const { grad } = tf.valueAndGrad((values: tf.Tensor) => {
          const { total, entropy, consistency, shape: outline } = routingObjective(network, parametersFrom(values as tf.Tensor1D), images, augmentation, objective);
          terms = [total, entropy, consistency, outline].map((term) => tf.keep(tf.clone(term)));
          return total;
        })(vector);
        // Read in one piece: on a graphics card every reading waits for all that is under way.
        const together = tf.stack(terms);
        tf.dispose(terms);
        return { terms: together, next: optimiser.step(vector, grad as tf.Tensor1D) };
      });
      vector.dispose();
      vector = tf.keep(next);
      const [total, entropy, consistency, outline] = await values.data();
      values.dispose();
      return { total, entropy, consistency, shape: outline };
    },
    async predict(images, dropout) {
      let layers: (readonly [string, number])[] = [];
      const { logits, means } = tf.tidy(() => {
        const { logits: predicted, gates } = forwardRouted(network, parametersFrom(vector), images, dropout);
        layers = Array.from(gates, ([layer, { shape: [, count] }]) => [layer, count] as const);
        return { logits: predicted, means: tf.mean(tf.concat([...gates.values()], 1), 0) };
      });
      const values = Array.from(await means.data());
      means.dispose();
      let position = 0;
      return { logits, gates: Object.fromEntries(layers.map(([layer, count]) => [layer, values.slice(position, (position += count))])) };
    },
    async state() {
      const values = start.values.slice();
      await download(vector, adapted, values);
      return { layout: start.layout, values };
    },
    dispose() {
      tf.dispose([vector, fixed]);
      optimiser.dispose();
      disposeExperts(experts);
    },
  };
}
