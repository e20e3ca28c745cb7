import { z } from "zod";
import { where } from "../../core/where";
import { defineTraining } from "../contract";
import { averaging } from "../parts/averaging";
import { keeping } from "../parts/keeping";

const encoder = where.block("encoder1", "encoder2", "encoder3", "encoder4", "bottleneck");

/**
 * LG-FedAvg (Liang et al., 2020, Alg. 1): the representation, here encoder and bottleneck, is the client's own, and what reads it, the
 * decoder, is shared. Starts from the common weights; the authors' code starts from a trained FedAvg (pliang279/LG-FedAvg 7af0568).
 */
export const lgFedavg = keeping(
  defineTraining({
    id: "lg-fedavg",
    title: "LG-FedAvg",
    citation:
      "Liang et al., Think Locally, Act Globally: Federated Learning with Local and Global Representations, arXiv:2001.01523, 2020",
    params: z.strictObject({
      weights: z
        .enum(["uniform", "slices"])
        .default("uniform")
        .describe(
          "how clients are averaged; uniform: the authors' code (main_lg.py), slices: n_k / n as in the paper's Alg. 1",
        ),
    }),
    server: { receive: (arrived) => averaging[arrived.params.weights](arrived) },
    client: { round: async ({ received, train }) => ({ send: await train({ model: { start: received.model } }) }) },
  }),
  encoder,
);
