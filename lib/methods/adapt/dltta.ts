import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { where } from "../../core/where";
import { defineAdaptation } from "../contract";
import { meanEntropy } from "../parts/entropy";
import { imageByImage } from "../parts/image-by-image";
import { openMemory, recall } from "../parts/neighbours";
import { lengthened, stepAt } from "../parts/step-length";
import { openCurves } from "../parts/telemetry";

/**
 * DLTTA (Yang et al., TMI 2022) around TENT, image by image: the rate of a step grows with how far the answer is from those of similar
 * images before (yanghw97/DLTTA 970397c, memory.py; in its prostate release the rate is fixed: that is TENT). Predicts behind the step.
 */
export const dltta = defineAdaptation({
  id: "dltta",
  title: "DLTTA",
  citation:
    "Yang et al., DLTTA: Dynamic Learning Rate for Test-Time Adaptation on Cross-Domain Medical Images, IEEE TMI 2022",
  params: z.strictObject({
    reading: z
      .enum(["published", "intended"])
      .default("intended")
      .describe(
        "published: the farthest neighbour alone speaks, logits are quartered, first rates grow with the memory",
      ),
    learningRate: z.number().nonnegative().default(1e-3).describe("eta_0: rate of Adam where answers agree"),
    neighbours: z.int().positive().default(8).describe("K: images that speak"),
    memory: z.int().positive().default(20).describe("M: images that are remembered"),
    temperature: z.number().positive().default(0.2).describe("temperature of the neighbours' weights"),
    epochs: z.int().positive().default(1).describe("passes over the outside set"),
  }),
  open({ bank, params: { reading, learningRate, neighbours, memory, temperature, epochs }, slot }) {
    const optimiser = { kind: "adam", learningRate } as const;
    const recipe = { loss: meanEntropy, trains: where.normAffine, optimiser, after: lengthened };
    const network = slot({ start: bank.global, recipe });
    const seen = openMemory({ reading, neighbours, memory, temperature });
    const curves = openCurves(["loss/entropy", "discrepancy", "rate"]);
    return {
      epochs,
      predict: (images) =>
        imageByImage(images, async (image) => {
          const now = recall(network, image);
          const discrepancy = await seen.discrepancy(now);
          tf.dispose([now.key, now.logits]);
          const early = reading === "published" ? seen.size() : 1;
          const share = discrepancy === undefined ? early : Math.exp(discrepancy);
          const [{ total }] = await stepAt(network, { batch: { images: image } }, share);
          curves.add({ "loss/entropy": total, discrepancy: discrepancy ?? 0, rate: learningRate * share });
          const behind = recall(network, image);
          const logits = tf.clone(behind.logits);
          seen.add(behind);
          return logits;
        }),
      telemetry: curves.take,
      dispose: seen.dispose,
    };
  },
});
