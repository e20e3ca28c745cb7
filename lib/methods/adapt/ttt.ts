import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { WorkbenchError } from "../../core/errors";
import { any, where } from "../../core/where";
import { unet } from "../../nets/model/unet";
import { defineAdaptation } from "../contract";
import { ofHead, withHead } from "../parts/heads";
import { imageByImage } from "../parts/image-by-image";
import { trainedLogits } from "../parts/questions";
import { quarters, rotationHead, rotationLoss } from "../parts/rotations";
import { openCurves } from "../parts/telemetry";

const shared = where.block("encoder1", "encoder2", "encoder3", "encoder4", "bottleneck");

/**
 * TTT (Sun et al., ICML 2020), image by image: encoder, bottleneck and head learn to tell the image's own four turns, and the network
 * predicts it with the statistics that moved (test_adapt.py). Its federation has to train the head.
 */
export const tttAdapt = defineAdaptation({
  id: "ttt",
  title: "TTT",
  citation:
    "Sun et al., Test-Time Training with Self-Supervision for Generalization under Distribution Shifts, ICML 2020",
  wants: "ttt",
  params: z.strictObject({
    learningRate: z.number().nonnegative().default(1e-3).describe("eta: rate of SGD"),
    steps: z.int().nonnegative().default(1).describe("steps on each image (1, 3 or 10)"),
    reset: z
      .enum(["image", "never"])
      .default("image")
      .describe("standard: each image begins at the start; online: never"),
  }),
  open({ bank: { global, shape }, params: { learningRate, steps, reset }, random, slot, draw }) {
    if (!global.layout.some(ofHead(rotationHead)))
      throw new WorkbenchError(
        "ttt needs a head that tells rotations, and its federation has none",
        "train: { id: ttt }",
      );
    const trains = any(shared, ofHead(rotationHead));
    const optimiser = { kind: "sgd", learningRate } as const;
    const model = withHead(unet(shape), rotationHead);
    const network = slot({ model, start: global, recipe: { loss: rotationLoss, trains, optimiser } });
    const curves = openCurves(["loss/rotation"]);
    return {
      predict: (images) =>
        imageByImage(images, async (image) => {
          if (reset === "image") network.reset();
          for (let step = 0; step < steps; step++) {
            const turns = draw("turns", () => quarters(random, image.shape));
            const [{ total }] = await network.step({ batch: { images: image } }, turns);
            curves.add({ "loss/rotation": total });
          }
          return network.ask(trainedLogits, image)[0] as Tensor4D;
        }),
      telemetry: curves.take,
    };
  },
});
