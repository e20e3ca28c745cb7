import * as tf from "@tensorflow/tfjs-core";
import { hashOf } from "../../core/hash";
import type { Entry, State } from "../../core/state";
import { runProgram } from "../../engine";
import { createDescent, type GradientOf } from "../run/descent";
import { disposeExperts, type Experts, expertsOf, listExperts } from "./experts";
import type { GateKind } from "./gate";
import { download, namedTensors, type Parameters, select, upload } from "../model/parameters";
import { forwardRouted } from "./routed-unet";
import { routingObjective, type ObjectiveConfig } from "./routing-objective";
import { augmentationOf, dropoutOf, type Draws } from "./test-time-draws";
import type { UNetShape } from "../model/unet-layout";

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
  /** @param draws of `drawAugmentation`, which stay the caller's */
  step(images: tf.Tensor4D, draws: Draws): Promise<AdaptationLosses>;
  /**
   * @param dropout factors of `drawDropout`, which stay the caller's
   * @returns logits `[batch, height, width, class]`, the caller's to dispose, and for every layer each expert's gate, averaged over the
   * batch
   */
  predict(
    images: tf.Tensor4D,
    dropout?: tf.Tensor1D,
  ): Promise<{ logits: tf.Tensor4D; gates: Record<string, number[]> }>;
  state(): Promise<State>;
  dispose(): void;
}

export function createRoutedAdaptation({
  shape,
  experts,
  gate,
  start,
  trainable,
  objective,
  learningRate,
}: AdaptationConfig): RoutedAdaptation {
  const adapted = select(start.layout, trainable);
  const frozen = select(start.layout, (entry) => !trainable(entry));
  const descent = createDescent({ kind: "adam", learningRate }, upload(start, adapted));
  const fixed = tf.keep(upload(start, frozen));
  const listed = listExperts(experts);
  const layers = Array.from(experts.values(), ({ name, kernels }) => [name, kernels.shape[0]] as const);
  const key = hashOf({
    shape: { ...shape },
    gate,
    adapted: adapted.entries.map(({ name }) => name),
    objective: { ...objective, weights: { ...objective.weights } },
  });
  const networkOf = (tensors: readonly tf.Tensor[]) => ({
    shape,
    gate,
    experts: expertsOf(shape, tensors.slice(0, listed.length)),
  });
  const parametersOf = (values: tf.Tensor, others: tf.Tensor): Parameters =>
    new Map([...namedTensors(values as tf.Tensor1D, adapted), ...namedTensors(others as tf.Tensor1D, frozen)]);

  const gradientOf: GradientOf = (vector, [images, others, ...rest]) => {
    const network = networkOf(rest);
    const augmentation = augmentationOf(shape, rest.slice(listed.length));
    let terms: tf.Tensor[] = [];
    const { grad } = tf.valueAndGrad((values: tf.Tensor) => {
      const seen = routingObjective(
        network,
        parametersOf(values, others),
        images as tf.Tensor4D,
        augmentation,
        objective,
      );
      terms = [seen.total, seen.entropy, seen.consistency, seen.shape].map((term) => tf.keep(tf.clone(term)));
      return seen.total;
    })(vector);
    // Read in one piece: on a graphics card every reading waits for all that is under way.
    const together = tf.stack(terms);
    tf.dispose(terms);
    return { gradient: grad as tf.Tensor1D, results: [together] };
  };

  return {
    async step(images, draws) {
      const [terms] = descent.step(`adapt ${key}`, gradientOf, [images, fixed, ...listed, ...draws]);
      const [total, entropy, consistency, outline] = await terms.data();
      terms.dispose();
      return { total, entropy, consistency, shape: outline };
    },
    async predict(images, dropout) {
      const body = ([x, vector, others, ...rest]: readonly tf.Tensor[]): tf.Tensor[] => {
        const pass = dropout && dropoutOf(shape, rest[listed.length] as tf.Tensor1D);
        const { logits, gates } = forwardRouted(networkOf(rest), parametersOf(vector, others), x as tf.Tensor4D, pass);
        return [logits, tf.mean(tf.concat([...gates.values()], 1), 0)];
      };
      const inputs = [images, descent.vector(), fixed, ...listed, ...(dropout ? [dropout] : [])];
      const [logits, means] = runProgram(`predict ${key}`, body, inputs);
      const values = Array.from(await means.data());
      means.dispose();
      let position = 0;
      const gates = Object.fromEntries(
        layers.map(([layer, count]) => [layer, values.slice(position, (position += count))]),
      );
      return { logits: logits as tf.Tensor4D, gates };
    },
    async state() {
      const values = start.values.slice();
      await download(descent.vector(), adapted, values);
      return { layout: start.layout, values };
    },
    dispose() {
      fixed.dispose();
      descent.dispose();
      disposeExperts(experts);
    },
  };
}
