import { z } from "zod";
import { not, where } from "../../core/where";
import { defineTraining } from "../contract";
import { averaging } from "../parts/averaging";
import { keeping } from "../parts/keeping";
import { tuned, tuningEpochs } from "../parts/tuning";

/**
 * FedBABU (Oh et al., ICLR 2022, Alg. 1): in the federation the head keeps its first weights, the same for all, and only the body learns
 * and travels; behind the last round every client tunes the model on its own slices (jhoon-oh/FedBABU e34c15b).
 */
export const fedbabu = keeping(
  defineTraining({
    id: "fedbabu",
    title: "FedBABU",
    citation: "Oh et al., FedBABU: Toward Enhanced Representation for Federated Image Classification, ICLR 2022",
    params: z.strictObject({
      epochs: tuningEpochs(5, "the authors' code: 5"),
      rate: z.number().min(0).default(1e-3).describe("eta: learning rate meanwhile; as in the rounds"),
      tunes: z.enum(["all", "head"]).default("all").describe("what is tuned: body and head, or the head alone"),
      weights: z
        .enum(["uniform", "slices"])
        .default("uniform")
        .describe("how bodies are averaged; uniform: the authors' code, slices: n_k / n as in the paper's Alg. 1"),
    }),
    server: { receive: (arrived) => averaging[arrived.params.weights](arrived) },
    client: {
      round: async ({ received, train }) => ({
        send: await train({ model: { start: received.model, recipe: { trains: not(where.head) } } }),
      }),
      finish: (context) => tuned(context, context.params.tunes === "head" ? where.head : where.everything),
      predict: ({ kept, received }) => kept.personal ?? received.model,
    },
  }),
  where.head,
);
