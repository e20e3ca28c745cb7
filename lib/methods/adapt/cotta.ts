import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Random } from "../../core/random";
import { probabilities } from "../../nets/model/losses";
import { drawNoisyMoves, movedLogits } from "../../nets/model/noisy-moves";
import { named, type Inputs } from "../../nets/run/named";
import type { Sight } from "../../nets/run/recipe";
import { defineAdaptation } from "../contract";
import { average, restored } from "../parts/after";
import { softTargets } from "../parts/losses";

/**
 * CoTTA (Wang et al., CVPR 2022): a student follows a teacher that is the student's own moving average; where the source model is not
 * confident, the teacher's answer is the mean over augmented views. Some elements of the student return to the source after every step
 * (qinenergy/cotta c212a20, cifar/cotta.py). The teacher's answer before the update is the prediction. Views here are noise, flips and
 * quarter turns, which labels of pixels survive.
 */
export const cotta = defineAdaptation({
  id: "cotta",
  title: "CoTTA",
  citation: "Wang et al., Continual Test-Time Domain Adaptation, CVPR 2022",
  params: z.strictObject({
    momentum: z.number().min(0).max(1).default(0.999).describe("alpha (MT): share of the past in the teacher"),
    restore: z.number().min(0).max(1).default(0.01).describe("p (RST): how often an element returns to the source"),
    threshold: z.number().min(0).max(1).default(0.92).describe("p_th (AP): confidence below which views are averaged"),
    views: z.int().positive().default(8).describe("N: augmented views; the authors' code takes 32"),
    sigma: z.number().nonnegative().default(0.1).describe("deviation of the views' noise; chosen"),
    learningRate: z.number().positive().default(1e-3).describe("eta: learning rate of Adam"),
  }),
  open({ bank: { global: start }, params, random, slot, draw }) {
    const { momentum, restore, threshold, views, sigma, learningRate } = params;
    const source = slot({ start });
    const teacher = slot({ start, recipe: { after: average("student", momentum) } });
    const student = slot({
      start,
      recipe: { loss: softTargets, optimiser: { kind: "adam", learningRate }, after: restored(start) },
    });
    let steps = 0;
    let told = silence();
    return {
      async predict(images) {
        const step = random.child(steps++);
        const asked = source.ask(certainty, images)[0];
        const [confidence] = await asked.data();
        const certain = confidence >= threshold;
        asked.dispose();
        const target = certain
          ? teacher.ask(answer, images)[0]
          : meanAnswer(views, (view) => {
              const drawn = draw(`view ${view}`, () => drawNoisyMoves(images.shape, sigma, step.child(view)));
              return teacher.ask(movedAnswer, images, drawn)[0];
            });
        const [{ total }] = await student.step({ batch: { images } }, { target });
        told.confidence.push(confidence);
        told.viewsUsed.push(certain ? 0 : 1);
        told["loss/cross_entropy"].push(total);
        teacher.after({ student: student.vector() });
        student.after(draw("restore", () => drawRestore(student.vector().size, restore, step.child("restore"))));
        return target as tf.Tensor4D;
      },
      telemetry() {
        const all = told;
        told = silence();
        return all;
      },
    };
  },
});

const silence = () => ({ confidence: [] as number[], viewsUsed: [] as number[], "loss/cross_entropy": [] as number[] });

const certainty = named(({ forward }: Sight) => [tf.mean(tf.max(probabilities(forward().logits), 3))]);
const answer = named(({ forward }: Sight): tf.Tensor[] => [forward().logits]);

const movedAnswer = named((sight: Sight, inputs: Inputs): tf.Tensor[] => [movedLogits(sight, inputs)]);

function meanAnswer(count: number, ask: (view: number) => tf.Tensor): tf.Tensor {
  const answers = Array.from({ length: count }, (_, view) => ask(view));
  const mean = tf.tidy(() => tf.div(tf.addN(answers), count));
  tf.dispose(answers);
  return mean;
}

/** 1 where an element returns to the source. */
function drawRestore(size: number, share: number, random: Random): Record<string, tf.Tensor> {
  const mask = new Float32Array(size);
  for (let at = 0; at < size; at++) mask[at] = random.uniform() < share ? 1 : 0;
  return { restore: tf.tensor1d(mask) };
}
