import { z } from "zod";
import { lerp, overlay } from "../../core/state";
import { where } from "../../core/where";
import { defineTraining } from "../contract";
import { meanModel } from "../parts/averaging";
import { chain, decay, follow, pullTo } from "../parts/directions";

/**
 * pFedMe (Dinh et al., NeurIPS 2020, Alg. 1): on each batch theta takes K steps down F(theta) + lambda/2 ||theta - w_k||^2, then w_k
 * one step of rate eta towards it. theta goes on from batch to batch, as in the authors' code (CharlieDinh/pFedMe, userpFedMe.py), and
 * predicts; the inner decay mu is theirs (fedoptimizer.py). Both share one set of running statistics.
 */
export const pfedme = defineTraining({
  id: "pfedme",
  title: "pFedMe",
  citation: "Dinh et al., Personalized Federated Learning with Moreau Envelopes, NeurIPS 2020",
  params: z.strictObject({
    lambda: z.number().min(0).default(15).describe("lambda: how strongly theta is held near w_k"),
    eta: z.number().min(0).default(0.005).describe("eta: rate at which w_k follows theta"),
    rate: z.number().positive().default(0.09).describe("personal learning rate, of theta's steps"),
    K: z.int().positive().default(5).describe("K: steps of theta on each batch"),
    beta: z.number().positive().default(1).describe("beta: the server's step towards the mean"),
    predicts: z.enum(["theta", "w"]).default("theta").describe("published: w_k, with which theta_k shares its storage"),
    mu: z.number().min(0).default(0.001).describe("mu: decay in theta's steps, fixed in the authors' code"),
  }),
  server: {
    receive({ server, updates, params }) {
      if (updates.length === 0) return server;
      const mean = meanModel(updates, ({ weight }) => weight);
      // Extrapolated by a beta above 1, a running variance could become negative.
      return { ...server, model: overlay(lerp(server.model, mean, 1 - params.beta), mean, where.statistic) };
    },
  },
  client: {
    async round({ received: { model }, params: { lambda, eta, rate, K, predicts, mu }, train }) {
      const { theta, w } = await train({
        theta: {
          start: model,
          recipe: {
            steps: K,
            direction: chain(decay(mu), pullTo("w", lambda)),
            optimiser: { kind: "sgd", learningRate: rate },
          },
        },
        w: {
          start: model,
          recipe: { direction: follow("theta", lambda), optimiser: { kind: "sgd", learningRate: eta } },
        },
      });
      const sent = overlay(w, theta, where.statistic);
      return { send: { model: sent }, keep: { personal: predicts === "w" ? sent : theta } };
    },
    predict: ({ kept, received }) => kept.personal ?? received.model,
  },
});
