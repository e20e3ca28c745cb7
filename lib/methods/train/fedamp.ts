import { z } from "zod";
import { partOf, withPart } from "../../core/state";
import { where } from "../../core/where";
import { defineTraining } from "../contract";
import { cloudModel } from "../parts/attention";
import { pull } from "../parts/directions";
import { perClient } from "../parts/per-client";

/**
 * FedAMP (Huang et al., AAAI 2021, Alg. 1): no global model; the server sends every client its own mean u_k of all clients' weights,
 * to which those that are near weigh most, and the client minimises F(w) + lambda / (2 alpha_K) ||w - u_k||^2. The authors' code is not
 * public; two re-implementations start at u_k, which is the default. Running statistics never leave the client.
 */
export const fedamp = defineTraining({
  id: "fedamp",
  title: "FedAMP",
  citation: "Huang et al., Personalized Cross-Silo Federated Learning on Non-IID Data, AAAI 2021",
  params: z.strictObject({
    sigma: z.number().positive().default(1).describe("sigma: width of the kernel, in medians of the squared distances"),
    alpha: z
      .number()
      .positive()
      .default(0.1)
      .describe("alpha_K: how much the others weigh; chosen, one half in all with six"),
    lambda: z.number().min(0).default(0.1).describe("lambda: how strongly weights are held near u_k; chosen"),
    start: z.enum(["cloud", "own"]).default("cloud").describe("where local training starts: at u_k or at w_k"),
  }),
  server: {
    start: (start, clients) => ({ model: start, ...perClient.same(partOf(start, where.trained), clients) }),
    send: ({ server, client, params }) => ({ cloud: cloudModel(perClient.all(server), client, params) }),
    receive: ({ server, updates }) => ({
      ...server,
      ...perClient.bag(updates.map(({ client, sent }) => [client, sent.model])),
    }),
  },
  client: {
    start: (start) => ({ own: start }),
    async round({ received, kept, params: { lambda, alpha, start }, train }) {
      const cloud = withPart(kept.own, received.cloud);
      const { own } = await train({
        own: { start: start === "own" ? kept.own : cloud, recipe: { direction: pull(cloud, lambda / alpha) } },
      });
      return { send: { model: partOf(own, where.trained) }, keep: { own } };
    },
    predict: ({ kept }) => kept.own,
  },
});
