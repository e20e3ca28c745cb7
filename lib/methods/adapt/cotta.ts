import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { drawNoisyMoves } from "../../nets/model/noisy-moves";
import { defineAdaptation } from "../contract";
import { average, restored } from "../parts/after";
import { softTargets } from "../parts/losses";
import { logitsOf } from "../parts/questions";
import { certainty, drawRestore, meanAnswer, movedAnswer } from "../parts/teaching";
import { openCurves } from "../parts/telemetry";

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
    const optimiser = { kind: "adam", learningRate } as const;
    const source = slot({ start });
    const teacher = slot({ start, recipe: { after: average("student", momentum) } });
    const student = slot({ start, recipe: { loss: softTargets, optimiser, after: restored(start) } });
    const curves = openCurves(["confidence", "viewsUsed", "loss/cross_entropy"]);
    let steps = 0;
    return {
      async predict(images) {
        const step = random.child(steps++);
        const asked = source.ask(certainty, images)[0];
        const [confidence] = await asked.data();
        asked.dispose();
        const certain = confidence >= threshold;
        const answerTo = (view: number) => {
          const drawn = draw(`view ${view}`, () => drawNoisyMoves(images.shape, sigma, step.child(view)));
          return teacher.ask(movedAnswer, images, drawn)[0];
        };
        const target = certain ? teacher.ask(logitsOf, images)[0] : meanAnswer(views, answerTo);
        const [{ total }] = await student.step({ batch: { images } }, { target });
        curves.add({ confidence, viewsUsed: certain ? 0 : 1, "loss/cross_entropy": total });
        teacher.after({ student: student.vector() });
        student.after(draw("restore", () => drawRestore(student.vector().size, restore, step.child("restore"))));
        return target as Tensor4D;
      },
      telemetry: curves.take,
    };
  },
});
