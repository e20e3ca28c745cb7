import { z } from "zod";
import { combine, distance, partOf, withPart, type State } from "../../core/state";
import { where } from "../../core/where";
import { defineTraining, type Bag } from "../contract";
import { pull } from "../parts/directions";

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
    start: (start, clients) => ({
      model: start,
      ...Object.fromEntries(Array.from({ length: clients }, (_, k) => [placeOf(k), partOf(start, where.trained)])),
    }),
    send: ({ server, client, params }) => ({ cloud: cloudModel(modelsOf(server), client, params) }),
    receive: ({ server, updates }) => ({
      ...server,
      ...Object.fromEntries(updates.map(({ client, sent }) => [placeOf(client), sent.model])),
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

const placeOf = (client: number) => `client ${client}`;

/** @returns what the server holds of every client, trained entries alone */
export function modelsOf(server: Bag): State[] {
  const found: State[] = [];
  while (server[placeOf(found.length)]) found.push(server[placeOf(found.length)]);
  return found;
}

/** u_k = sum_j xi_kj w_j. While all models are equal, u_k is w_k. */
export function cloudModel(
  models: readonly State[],
  client: number,
  { sigma, alpha }: { readonly sigma: number; readonly alpha: number },
): State {
  const weights = attention(models, sigma, alpha)[client];
  return combine(models, weights);
}

/** xi: symmetric, rows sum to 1; the kernel is alpha_K / sigma exp(-d / (sigma median d)) of squared distances d over trained entries. */
export function attention(models: readonly State[], sigma: number, alpha: number): number[][] {
  const squares = models.map((one) => models.map((other) => distance(one, other) ** 2));
  const middle = median(squares.flatMap((row, i) => row.slice(i + 1)));
  return squares.map((row, i) => {
    const others = row.map((d, j) => (i === j || middle === 0 ? 0 : (alpha / sigma) * Math.exp(-d / (sigma * middle))));
    others[i] = 1 - others.reduce((sum, weight) => sum + weight, 0);
    return others;
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
