import { z } from "zod";
import { createRandom } from "../../core/random";
import { hashState } from "../../core/state";
import { defineTraining } from "../contract";
import { averaging } from "../parts/averaging";
import { distributing } from "../parts/distributing";
import { episodic } from "../parts/episode";
import { perClient } from "../parts/per-client";
import { alternating, collectingSpectra, foreignLook, ownAndForeign } from "../parts/spectra";

/**
 * FedDG-ELCFS (Liu et al., CVPR 2021): clients share amplitudes of some images, and every step must also help images with the look of
 * another client (liuquande/FedDG-ELCFS 0a281e4). Amplitudes are gathered when a client first trains, so that its first round shows no
 * foreign look. Published: only the DC term is exchanged, and replaced (dataloaders/fundus_dataloader.py, L=0).
 */
export const feddg = defineTraining({
  id: "feddg",
  title: "FedDG-ELCFS",
  citation:
    "Liu et al., FedDG: Federated Domain Generalization on Medical Image Segmentation via Episodic Learning in Continuous Frequency Space, CVPR 2021",
  params: z.strictObject({
    reading: z.enum(["published", "intended"]).default("intended").describe("what the code computes, or means to"),
    L: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.1)
      .describe("share of the shorter side that is exchanged (their function's)"),
    inner: z.number().min(0).default(0.001).describe("rate of the step in the middle (--meta_step_size)"),
    clip: z.number().positive().default(100).describe("largest element of that step's gradient (--clip_value)"),
    weight: z.number().nonnegative().default(0.1).describe("weight of the contrast at boundaries"),
    temperature: z.number().positive().default(0.05).describe("tau: temperature of the contrast"),
    every: z.int().positive().default(8).describe("a client shares the amplitudes of one image in so many"),
  }),
  server: {
    ...distributing("spectra", averaging.slices),
    receive: ({ params: { reading }, ...arrived }) =>
      distributing("spectra", reading === "published" ? averaging.percents : averaging.slices).receive(arrived),
  },
  client: {
    async round({ received, kept, round, params, localEpochs, train }) {
      const published = params.reading === "published";
      const others = perClient.bag([...perClient.known(kept), ...perClient.known(received)]);
      const gathering = kept.spectra ? undefined : collectingSpectra(params.every * localEpochs);
      const random = createRandom(kept.spectra ? hashState(kept.spectra) : "first").child(round);
      const look = foreignLook(Object.values(others), random, published ? 0 : params.L, published ? 0 : undefined);
      const lens = alternating((...images) => gathering?.see(...images), look);
      const { model } = await train(
        { model: { start: received.model, recipe: episodic(params) } },
        { views: ownAndForeign, lens },
      );
      const spectra = kept.spectra ?? gathering?.spectra();
      return {
        send: { model, ...(received.wanted && spectra && { spectra }) },
        keep: { ...others, ...(spectra && { spectra }) },
      };
    },
  },
});
