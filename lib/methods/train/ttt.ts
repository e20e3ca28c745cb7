import { z } from "zod";
import { defineTraining } from "../contract";
import { withHead, withHeadStart } from "../parts/heads";
import { diceAndRotation, quarters, rotationHead } from "../parts/rotations";

/**
 * TTT's part in training (Sun et al., ICML 2020): FedAvg whose clients learn beside their task to tell by how much an image was turned,
 * from the bottleneck on, so that an unseen site can go on learning that (yueatsprograms/ttt_cifar_release).
 */
export const ttt = defineTraining({
  id: "ttt",
  title: "FedAvg with TTT's rotations",
  citation:
    "Sun et al., Test-Time Training with Self-Supervision for Generalization under Distribution Shifts, ICML 2020",
  params: z.strictObject({
    weight: z.number().nonnegative().default(1).describe("weight of the rotations beside the task"),
  }),
  server: { start: (start) => ({ model: withHeadStart(start, rotationHead) }) },
  client: {
    round: async ({ received, params: { weight }, train }) => ({
      send: await train({
        model: {
          start: received.model,
          model: (network) => withHead(network, rotationHead),
          recipe: { loss: diceAndRotation(weight), draws: quarters },
        },
      }),
    }),
  },
});
