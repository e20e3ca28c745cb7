import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { not, where } from "../../core/where";
import { defineAdaptation } from "../contract";
import { decay } from "../parts/directions";
import { informationMaximisation } from "../parts/information";
import { pseudoLabels, pseudoMasks } from "../parts/pseudo-labels";
import { trainedLogits } from "../parts/questions";
import { nesterov, openMomentum } from "../parts/step-length";
import { asCurves, openCurves } from "../parts/telemetry";

/**
 * SHOT (Liang et al., ICML 2020), offline: the last layer stays, everything before it learns to be sure and diverse on the whole set, with
 * pseudo-labels that are made anew before each pass (tim-learn/SHOT f7d555a, object/image_target.py). One pass more predicts.
 */
export const shot = defineAdaptation({
  id: "shot",
  title: "SHOT",
  citation: "Liang et al., Do We Really Need to Access the Source Data? Source Hypothesis Transfer, ICML 2020",
  params: z.strictObject({
    learningRate: z.number().nonnegative().default(0.01).describe("eta_0: rate, which falls as (1 + 10 t / T)^-0.75"),
    momentum: z.number().min(0).lt(1).default(0.9).describe("Nesterov's momentum"),
    decay: z.number().nonnegative().default(1e-3).describe("weight decay"),
    pseudo: z.number().nonnegative().default(0.3).describe("beta: weight of the pseudo-labels (--cls_par)"),
    epochs: z.int().positive().optional().describe("passes that learn (15); default: what the experiment grants"),
  }),
  open({ bank, params, epochs: granted, slot }) {
    const { learningRate, momentum, pseudo, epochs = granted } = params;
    const [loss, after] = [informationMaximisation(pseudo), nesterov(momentum)];
    const optimiser = { kind: "sgd", learningRate: 1 } as const;
    const recipe = { loss, after, optimiser, trains: not(where.head), direction: decay(params.decay) };
    const network = slot({ start: bank.global, recipe });
    const steps = openMomentum(network, momentum);
    const curves = openCurves(["rate", "loss/total", "loss/entropy", "loss/diversity", "loss/cross_entropy"]);
    let [passes, taken, labels] = [0, 0, [] as Float32Array[]];
    return {
      epochs: epochs + 1,
      async before(visit) {
        labels = passes++ < epochs ? await pseudoLabels(network, visit, bank.shape.classes) : [];
      },
      async predict(images) {
        if (labels.length > 0) {
          const rate = learningRate * (1 + (10 * ++taken) / (epochs * labels.length)) ** -0.75;
          const masks = pseudoMasks(labels[(taken - 1) % labels.length], images, bank.shape.classes);
          const [losses] = await steps.step({ batch: { images } }, { pseudo: masks }, rate);
          masks.dispose();
          curves.add({ rate, ...asCurves(losses) });
        }
        return network.ask(trainedLogits, images)[0] as Tensor4D;
      },
      telemetry: curves.take,
      dispose: steps.dispose,
    };
  },
});
