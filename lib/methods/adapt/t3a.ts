import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { defineAdaptation } from "../contract";
import { trainedStatistics } from "../parts/passes";
import { logitsAndFeatures, prototypesOf, supportsOfHead, supportsOnGrid, surestOf } from "../parts/supports";
import { openCurves } from "../parts/telemetry";

/**
 * T3A (Iwasawa and Matsuo, NeurIPS 2021): the last layer is made anew of what the network is sure of: of every class the mean direction of
 * the surest features that were seen, its own row among them. No gradient (matsuolab/T3A ff8cde5). Features are those of pixels on a grid.
 */
export const t3a = defineAdaptation({
  id: "t3a",
  title: "T3A",
  citation:
    "Iwasawa and Matsuo, Test-Time Classifier Adjustment Module for Model-Agnostic Domain Generalization, NeurIPS 2021",
  params: z.strictObject({
    supports: z.int().positive().default(20).describe("M: supports of each class that are kept (of 1, 5, 20, 50, 100)"),
    grid: z.int().positive().default(4).describe("pixels between two that may become supports; chosen"),
    epochs: z.int().positive().default(1).describe("passes over the outside set"),
  }),
  open({ bank, params: { supports: most, grid, epochs }, slot }) {
    const { classes, features: channels } = bank.shape;
    const network = slot({ start: bank.global, recipe: { pass: trainedStatistics } });
    const curves = openCurves(Array.from({ length: classes }, (_, label) => `supports/${label}`));
    let supports = supportsOfHead(bank.global);
    return {
      epochs,
      async predict(images) {
        const [logits, features] = network.ask(logitsAndFeatures, images) as tf.Tensor4D[];
        supports = surestOf([...supports, ...(await supportsOnGrid(logits, features, grid))], classes, most);
        const prototypes = prototypesOf(supports, classes, channels);
        const answer = tf.tidy(() =>
          tf.reshape<tf.Rank.R4>(
            tf.matMul(tf.reshape(features, [-1, channels]), tf.tensor2d(prototypes, [channels, classes])),
            logits.shape,
          ),
        );
        tf.dispose([logits, features]);
        const count = (label: number) => supports.filter((support) => support.label === label).length;
        curves.add(Object.fromEntries(Array.from({ length: classes }, (_, k) => [`supports/${k}`, count(k)])));
        return answer;
      },
      telemetry: curves.take,
    };
  },
});
