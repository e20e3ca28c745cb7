import { z } from "zod";
import { weightedMean } from "../../core/state";
import { defineInside } from "../contract";

/** FedAvg (McMahan et al., AISTATS 2017, Alg. 1), batch-norm statistics averaged with everything else as in the official code. */
export const fedavg = defineInside({
  id: "fedavg",
  title: "FedAvg",
  citation: "McMahan et al., Communication-Efficient Learning of Deep Networks from Decentralized Data, AISTATS 2017",
  params: z.strictObject({}),
  start: () => ({}),
  local: async ({ global, train }) => ({ upload: await train(global), client: {} }),
  aggregate: weightedMean,
  predictWith: (_client, global) => global,
});
