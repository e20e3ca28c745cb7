import { z } from "zod";
import { defineTraining } from "../contract";
import { meta } from "../parts/directions";
import { pairs } from "../parts/views";

/**
 * Per-FedAvg (Fallah et al., NeurIPS 2020, Alg. 1), first order: the global model is trained so that one step on a client's own data
 * makes it good there. Each batch is the support of the inner step, the next one the query of the outer one; before it predicts, a
 * client takes the inner step on one batch of its training slices, never on test data.
 */
export const perFedavg = defineTraining({
  id: "per-fedavg",
  title: "Per-FedAvg",
  citation: "Fallah et al., Personalized Federated Learning with Theoretical Guarantees, NeurIPS 2020",
  params: z.strictObject({
    inner: z.number().min(0).default(0.01).describe("alpha: rate of the inner step"),
    outer: z.number().positive().default(0.001).describe("beta: rate of the outer step (README of pFedMe; FedBABU)"),
  }),
  client: {
    round: async ({ received, params: { inner, outer }, train }) => ({
      send: await train(
        {
          model: {
            start: received.model,
            recipe: { direction: meta(inner), optimiser: { kind: "sgd", learningRate: outer } },
          },
        },
        { views: pairs },
      ),
    }),
    finish: ({ received, params: { inner }, train }) =>
      train(
        { personal: { start: received.model, recipe: { optimiser: { kind: "sgd", learningRate: inner } } } },
        { most: 1 },
      ),
    predict: ({ kept, received }) => kept.personal ?? received.model,
  },
});
