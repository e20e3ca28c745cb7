import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { mean } from "../../core/mean";
import { where } from "../../core/where";
import { defineAdaptation } from "../contract";
import { gemT } from "../parts/generalised-entropy";
import { foldedIn, mixedNorms, unbiasedStatistics } from "../parts/mixed-norms";
import { logitsOf } from "../parts/questions";
import { openCurves } from "../parts/telemetry";

/**
 * DomainAdaptor (Zhang et al., ICCV 2023): normalisations mix trained and batch statistics by how far the batch is (AdaMixBN); the mixture
 * is folded into scale and offset, which take a step down a generalised entropy (GEM-T) and predict. Every batch begins at the start
 * (koncle/DomainAdaptor 5c3d24e).
 */
export const domainAdaptor = defineAdaptation({
  id: "domain-adaptor",
  title: "DomainAdaptor",
  citation: "Zhang et al., DomainAdaptor: A Novel Approach to Test-time Adaptation, ICCV 2023",
  params: z.strictObject({
    learningRate: z.number().nonnegative().default(1e-3).describe("eta: rate of SGD"),
    steps: z.int().nonnegative().default(1).describe("steps on each batch"),
    reading: z
      .enum(["published", "intended"])
      .default("intended")
      .describe("GEM-T; published: entropies and squared temperatures are averaged apart"),
  }),
  open({ bank, params: { learningRate, steps, reading }, slot }) {
    const network = slot({
      start: bank.global,
      recipe: {
        loss: gemT(reading),
        trains: where.normAffine,
        pass: unbiasedStatistics,
        optimiser: { kind: "sgd", learningRate },
        after: foldedIn,
      },
    });
    const curves = openCurves(["share", "loss/gem_t"]);
    return {
      async predict(images) {
        network.reset();
        const [first, shares, folded] = network.ask(mixedNorms, images);
        network.after({ folded });
        curves.add({ share: mean(await shares.data()) });
        tf.dispose([first, shares, folded]);
        for (let step = 0; step < steps; step++) {
          const [{ total }] = await network.step({ batch: { images } });
          curves.add({ "loss/gem_t": total });
        }
        return network.ask(logitsOf, images)[0] as tf.Tensor4D;
      },
      telemetry: curves.take,
    };
  },
});
