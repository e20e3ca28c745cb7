import * as tf from "@tensorflow/tfjs-core";
import { evaluateModel, meanDice, scoreCases } from "../federation/evaluate/evaluation";
import { proposed } from "../methods/registry";
import { createPredictor } from "../nets/run/predictor";
import { unet } from "../nets/model/unet";
import { openSlot } from "../nets/run/slot";
import { softDice } from "../nets/run/soft-dice";
import { openAdapter } from "../federation/evaluate/adaptation";
import { channels, discs, modelsOf, routingRandom, shapeOf, sitesOf } from "./inputs";
import { prepareRound } from "./prepare-round";
import { officialOptimiser as optimiser, type OwnTask, type Prepared, type Task } from "./task";

const tasks: Readonly<Record<Task["task"], (task: OwnTask) => Prepared>> = {
  training: prepareTraining,
  inference: prepareInference,
  routing: prepareRouting,
  round: prepareRound,
  validation: (task) => prepareEvaluation(task, false),
  evaluation: (task) => prepareEvaluation(task, true),
};

/** Brings a task onto the engine that has been started. Its tensors live as long as the process. */
export function prepareTask(task: OwnTask): Prepared {
  return tasks[task.task](task);
}

function batchOf({ batch, side }: Task): { images: tf.Tensor4D; masks: tf.Tensor3D } {
  const { images, masks } = discs(batch, side);
  return { images: tf.tensor4d(images, [batch, side, side, channels]), masks: tf.tensor3d(masks, [batch, side, side]) };
}

function prepareTraining(task: Task): Prepared {
  const start = modelsOf(task).global;
  const slot = openSlot({ model: unet(shapeOf(task)), start, recipe: { loss: softDice }, optimiser });
  const batch = batchOf(task);
  return { once: async () => (await slot.step({ batch }))[0].total };
}

function prepareInference(task: Task): Prepared {
  const predictor = createPredictor(shapeOf(task), modelsOf(task).global);
  const { images } = batchOf(task);
  return {
    async once() {
      const size = tf.tidy(() => tf.mean(tf.abs(predictor.predict(images))));
      const [value] = await size.data();
      size.dispose();
      return value;
    },
  };
}

/** The published reading, which is what the official step computes; augmentation and dropout are drawn in every step, as there. */
function prepareRouting(task: Task): Prepared {
  const method = proposed.adaptation;
  const { global, personal } = modelsOf(task);
  const params = method.params.parse({ reading: "published", dropout: task.dropout });
  const adapter = openAdapter({
    method,
    bank: { shape: shapeOf(task), personal, global },
    params,
    epochs: 1,
    random: routingRandom(),
  });
  const { images } = batchOf(task);
  return {
    async once() {
      const logits = await adapter.predict(images);
      // The caller reads the prediction: on a graphics card nothing is done before.
      const size = tf.tidy(() => tf.mean(tf.abs(logits)));
      await size.data();
      tf.dispose([logits, size]);
      return adapter.telemetry()["loss/total"][0];
    },
  };
}

/**
 * Predicts and scores a site. An untrained model predicts no prostate, whose surface would cost nothing: the discs of the next slice are
 * scored in place of its predictions.
 */
function prepareEvaluation(task: Task, surfaces: boolean): Prepared {
  const [{ parts }] = sitesOf({ ...task, clients: 1 });
  const shape = shapeOf(task);
  const { global } = modelsOf(task);
  const { masks, height, width } = parts.test;
  const next = Uint8Array.from([...masks.subarray(height * width, masks.length), ...masks.subarray(0, height * width)]);
  return {
    async once() {
      await evaluateModel(shape, global, parts.test, { surfaces: false });
      return meanDice(scoreCases(next, parts.test, surfaces));
    },
  };
}
