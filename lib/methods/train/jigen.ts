import { z } from "zod";
import { createRandom } from "../../core/random";
import type { Model } from "../../nets/model/model";
import { defineTraining } from "../contract";
import { withHead, withHeadStart } from "../parts/heads";
import { diceAndJigsaw, distantOrders, drawShuffles, jigsawHead } from "../parts/jigsaw";

/**
 * JiGen (Carlucci et al., CVPR 2019): FedAvg whose clients learn beside their task in which order the tiles of an image were put, from the
 * bottleneck on (fmcarlucci/JigenDG 8522c29). A federation that is meant for sites outside.
 */
export const jigen = defineTraining({
  id: "jigen",
  title: "FedAvg with JiGen",
  citation: "Carlucci et al., Domain Generalization by Solving Jigsaw Puzzles, CVPR 2019",
  params: z.strictObject({
    weight: z.number().nonnegative().default(0.7).describe("alpha: weight of the jigsaw (ResNet-18; AlexNet 0.9)"),
    permutations: z.int().positive().default(30).describe("P: orders of the tiles beside the image as it is"),
    whole: z
      .number()
      .min(0)
      .max(1)
      .default(0.9)
      .describe("beta: share of images that stay whole (ResNet-18; AlexNet 0.7)"),
  }),
  server: { start: (start, _clients, { permutations }) => ({ model: withHeadStart(start, jigsawHead(permutations)) }) },
  client: {
    async round({ received, params: { weight, permutations, whole }, train }) {
      const orders = distantOrders(permutations, createRandom("jigsaw"));
      const draws = drawShuffles(orders, whole);
      const recipe = { loss: diceAndJigsaw(weight), draws };
      const model = {
        start: received.model,
        model: (network: Model) => withHead(network, jigsawHead(permutations)),
        recipe,
      };
      return { send: await train({ model }) };
    },
  },
});
