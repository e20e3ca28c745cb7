import { z } from "zod";
import { partOf, withPart } from "../../core/state";
import { any, where } from "../../core/where";
import { defineTraining } from "../contract";
import { exchangeFrequencies } from "../parts/frequencies";
import { lesson, nextStage, stages, type Stage } from "../parts/mutual";
import { perClient } from "../parts/per-client";

const exchanged = any(where.kernel, where.bias);

/**
 * PRR-FL (Chen et al., MICCAI 2021): a client's own model is never overwritten; a deputy exchanges low frequencies of its kernels with the
 * others, and both teach each other, by stages of which the score on the training slices decides (CityU-AIM-Group/PRR-FL 0a21524).
 * With fewer than two local epochs the authors' code always exchanges: the stages never act there. Normalisations are not shared.
 */
export const prrFl = defineTraining({
  id: "prr-fl",
  title: "PRR-FL",
  citation:
    "Chen et al., Personalized Retrogress-Resilient Framework for Real-World Medical Federated Learning, MICCAI 2021",
  params: z.strictObject({
    reading: z
      .enum(["published", "intended"])
      .default("intended")
      .describe("what sums of amplitudes are divided by: the number of clients; published: a literal 4 (server.py)"),
    stage: z
      .enum(["rule", ...stages])
      .default("rule")
      .describe("who teaches whom: by the rule, or always the same"),
    from: z.number().min(0).max(1).default(0.7).describe("L_0: relative side of the block that is exchanged"),
    to: z.number().min(0).max(1).default(0.95).describe("L_T: what it grows towards over the rounds"),
  }),
  server: {
    start: (start, clients) => ({ model: start, ...perClient.same(partOf(start, exchanged), clients) }),
    send: ({ server, client }) => ({ deputy: perClient.of(server, client) }),
    receive({ server, updates, round, rounds, params: { reading, from, to } }) {
      if (updates.length === 0) return server;
      const deputies = updates.map(({ sent }) => sent.deputy);
      const L = from + ((to - from) * (round - 1)) / rounds;
      const own = exchangeFrequencies(deputies, L, reading === "published" ? 4 : deputies.length);
      return { ...server, ...perClient.bag(updates.map(({ client }, index) => [client, own[index]])) };
    },
  },
  client: {
    start: (start) => ({ personal: start, deputy: start }),
    async round({ received, kept, params, localEpochs, score, train }) {
      let models = { personal: kept.personal, deputy: withPart(kept.deputy, received.deputy) };
      let stage: Stage | undefined;
      for (let epoch = 0; epoch < localEpochs; epoch++) {
        if (params.stage !== "rule") stage = params.stage;
        else if (localEpochs < 2) stage = "exchange";
        else stage = nextStage(stage, await score(models.deputy), await score(models.personal));
        models = await train(lesson(models, stage), { epoch });
      }
      return { send: { deputy: partOf(models.deputy, exchanged) }, keep: models };
    },
    predict: ({ kept }) => kept.personal,
  },
});
