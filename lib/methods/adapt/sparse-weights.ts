import { z } from "zod";
import { defineAdaptation } from "../contract";
import { noisyMoves, sureAndConsistent } from "../parts/consistency";
import { expertsOf } from "../parts/experts";
import { following, protocolParams } from "../parts/following";
import { asOne, mixtureNet } from "../parts/mixture-net";

/**
 * One weight for each expert and the whole network, normalisations too, learned on the stream: the nearest thing in print to routing mixes
 * site models with such weights. Criterion: entropy, and consistency under noise and turns.
 */
export const sparseWeights = defineAdaptation({
  id: "sparse-weights",
  title: "One weight per expert",
  citation: "control: the softmax of one number for each model mixes whole networks",
  params: z.strictObject({
    learningRate: z.number().nonnegative().default(0.1).describe("eta: learning rate of Adam; chosen"),
    consistency: z.number().nonnegative().default(1).describe("c: weight of the consistency; chosen"),
    sigma: z.number().nonnegative().default(0.5).describe("sigma: deviation of the noise, as IOP-FL's"),
    ...protocolParams({ predicts: "after", source: "as IOP-FL", epochs: "what the experiment grants" }),
  }),
  open({ bank, params: { learningRate, consistency, sigma, ...protocol }, epochs, random, slot, draw }) {
    const model = mixtureNet({ shape: bank.shape, experts: expertsOf(bank), groups: asOne, global: bank.global });
    const recipe = { loss: sureAndConsistent(consistency), optimiser: { kind: "adam", learningRate } } as const;
    const network = slot({ model, start: model.init(random), recipe });
    const adapter = following(
      network,
      { ...protocol, epochs: protocol.epochs ?? epochs },
      { terms: ["total", "entropy", "consistency"], beside: noisyMoves({ random, draw }, sigma) },
    );
    return { ...adapter, dispose: model.dispose };
  },
});
