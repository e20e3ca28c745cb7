import * as tf from "@tensorflow/tfjs-core";
import { unetLayers, type UNetShape } from "../model/unet-layout";
import { chosen, type Inputs } from "../run/named";
import type { Sight } from "../run/recipe";
import type { Question } from "../run/slot";
import { dropoutOf } from "./test-time-draws";

/**
 * What a routed network predicts, under the drawn `dropout` of its gates if there is one: logits, and every layer's gates averaged over
 * the batch, one layer behind the other.
 */
export const routedPrediction = (shape: UNetShape): Question => chosen(predictionFor, { ...shape });

const predictionFor =
  (shape: UNetShape & Readonly<Record<string, number>>) =>
  ({ images, forward }: Sight, { dropout }: Inputs): tf.Tensor[] => {
    const factors = dropout && dropoutOf(shape, dropout as tf.Tensor1D);
    const { logits, taps } = forward(images, { dropout: factors });
    const gates = unetLayers(shape).map(({ name }) => taps.get(name) as tf.Tensor2D);
    return [logits, tf.mean(tf.concat(gates, 1), 0)];
  };
