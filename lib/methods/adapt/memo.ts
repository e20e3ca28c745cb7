import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { drawNoisyMoves } from "../../nets/model/noisy-moves";
import { defineAdaptation } from "../contract";
import { imageByImage } from "../parts/image-by-image";
import { marginalEntropy } from "../parts/marginal";
import { statisticsWithPrior, trainedStatistics } from "../parts/passes";
import { logitsOf } from "../parts/questions";
import { openCurves } from "../parts/telemetry";

/**
 * MEMO (Zhang et al., NeurIPS 2022), image by image: all weights descend the entropy of what augmented views say together, pixel by pixel
 * once the views are moved back, predict the image as it is, and return to the start (zhangmarvin/memo 228b290).
 */
export const memo = defineAdaptation({
  id: "memo",
  title: "MEMO",
  citation: "Zhang et al., MEMO: Test Time Robustness via Adaptation and Augmentation, NeurIPS 2022",
  params: z.strictObject({
    learningRate: z.number().nonnegative().default(0.005).describe("eta: rate of SGD (CIFAR; ImageNet 0.00025)"),
    views: z.int().positive().default(8).describe("B: augmented views; the authors' code takes 32, on ImageNet 64"),
    sigma: z.number().nonnegative().default(0.1).describe("deviation of the views' noise; chosen"),
    statistics: z
      .enum(["running", "prior"])
      .default("running")
      .describe("what normalises: the trained statistics (CIFAR), or those and the images' (ImageNet)"),
    prior: z.number().positive().default(16).describe("N: the trained statistics count N, the images' 1 (prior alone)"),
    steps: z.int().nonnegative().default(1).describe("steps on each image"),
  }),
  open({ bank, params, random, slot, draw }) {
    const { learningRate, views, sigma, statistics, prior, steps } = params;
    const pass = statistics === "prior" ? statisticsWithPrior(prior, "once") : trainedStatistics;
    const optimiser = { kind: "sgd", learningRate } as const;
    const network = slot({ start: bank.global, recipe: { loss: marginalEntropy, pass, optimiser } });
    const curves = openCurves(["loss/marginal_entropy"]);
    let drawn = 0;
    return {
      predict: (images) =>
        imageByImage(images, async (image) => {
          network.reset();
          for (let step = 0; step < steps; step++) {
            const copies = tf.tile(image, [views, 1, 1, 1]);
            const moves = draw("views", () => drawNoisyMoves(copies.shape, sigma, random.child(drawn++)));
            const [{ total }] = await network.step({ batch: { images: copies } }, moves);
            copies.dispose();
            curves.add({ "loss/marginal_entropy": total });
          }
          return network.ask(logitsOf, image)[0] as tf.Tensor4D;
        }),
      telemetry: curves.take,
    };
  },
});
