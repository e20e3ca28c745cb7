import { z } from "zod";
import { overlay } from "../../core/state";
import { where } from "../../core/where";
import { routingObjective } from "../../nets/routed/routing-objective";
import { defineAdaptation } from "../contract";
import { meanEntropy } from "../parts/entropy";
import { noisyMoves } from "../parts/consistency";
import { expertsOf, soupOf } from "../parts/experts";
import { following } from "../parts/following";
import { mixingParams, switchesOf } from "../parts/routing-params";

/**
 * IOP-FL's routing without a router: all experts count alike, and only normalisations follow the batches, down the entropy as TENT's or
 * down IOP-FL's own objective. What routing is worth is what IOP-FL has over this.
 */
export const uniformRouting = defineAdaptation({
  id: "uniform-routing",
  title: "Uniform routing + TENT",
  citation: "control: IOP-FL's routing with all experts alike, so that only normalisations adapt",
  params: mixingParams.extend({
    loss: z
      .enum(["entropy", "routing"])
      .default("entropy")
      .describe("what is minimised: TENT's entropy, or IOP-FL's three terms"),
  }),
  open({ bank, params, epochs, random, slot, draw }) {
    const { weights, sigma, learningRate } = params;
    const { entropyAxis, stopGradientTarget } = switchesOf(params);
    const routing = params.loss === "routing";
    const network = slot({
      start: overlay(soupOf(expertsOf(bank)), bank.global, where.norm),
      recipe: {
        loss: routing ? routingObjective({ shape: bank.shape, weights, entropyAxis, stopGradientTarget }) : meanEntropy,
        trains: where.normAffine,
        optimiser: { kind: "adam", learningRate },
      },
    });
    return following(
      network,
      { steps: 1, reset: "never", predicts: "after", epochs: params.epochs ?? epochs },
      {
        terms: routing ? ["total", "entropy", "consistency", "shape"] : ["entropy"],
        beside: routing ? noisyMoves({ random, draw }, sigma) : undefined,
      },
    );
  },
});
