import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { not, where } from "../../core/where";
import { disposeExperts, uploadExperts } from "../../nets/routed/experts";
import { gateKinds } from "../../nets/routed/gate";
import { routed } from "../../nets/routed/routed-unet";
import { routedPrediction } from "../../nets/routed/routed-prediction";
import { gateBlock } from "../../nets/routed/routing-layout";
import { routingObjective } from "../../nets/routed/routing-objective";
import { drawAugmentation, drawDropout } from "../../nets/routed/test-time-draws";
import { defineAdaptation } from "../contract";
import { openTelemetry } from "./routing-telemetry";

/** What the two readings differ in. Each switch can also be set alone, which is how the audit asks what a quirk is worth. */
const readings = {
  published: {
    ordinaryExperts: "without-last-client",
    trainBottleneckGates: false,
    entropyAxis: "batch",
    stopGradientTarget: false,
    reseedEachStep: true,
    dropoutInPrediction: true,
  },
  intended: {
    ordinaryExperts: "all",
    trainBottleneckGates: true,
    entropyAxis: "class",
    stopGradientTarget: true,
    reseedEachStep: false,
    dropoutInPrediction: false,
  },
} as const;

const params = z.strictObject({
  reading: z
    .enum(["published", "intended"])
    .default("intended")
    .describe("what the official code computes, or what it means to"),
  ordinaryExperts: z
    .enum(["all", "without-last-client"])
    .optional()
    .describe("experts of ordinary convolutions; published: nets/UNet.py counts 4 clients, so a fifth is left out"),
  trainBottleneckGates: z
    .boolean()
    .optional()
    .describe("published: their names are missing from the list in federated/model_trainer_segmentation.py"),
  entropyAxis: z
    .enum(["batch", "class"])
    .optional()
    .describe("axis the entropy sums over; published: dim=0, the batch"),
  stopGradientTarget: z
    .boolean()
    .optional()
    .describe("the clean prediction is a fixed target; published: both sides receive gradient"),
  reseedEachStep: z
    .boolean()
    .optional()
    .describe("one draw of noise, turns and dropout for all steps; published: deterministic(seed) inside the loop"),
  dropoutInPrediction: z
    .boolean()
    .optional()
    .describe("dropout in the prediction after the step; published: the model stays in train mode"),
  gate: z.enum(gateKinds).default("sigmoid").describe("r: how a gate turns scores into weights"),
  weights: z
    .strictObject({
      entropy: z.number().default(10),
      consistency: z.number().default(0.1),
      shape: z.number().default(1),
    })
    .prefault({})
    .describe("weights of L_ent, L_cons and L_shape (the last carries 1e-6 of its own)"),
  sigma: z.number().nonnegative().default(0.5).describe("sigma: deviation of the noise that is added to the images"),
  learningRate: z.number().positive().default(1e-3).describe("eta: learning rate of Adam at test time"),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.2)
    .describe("share of a gate's hidden values that is dropped (nets/routeconv.py)"),
  epochs: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("passes over the outside set (official: 10); default: what the experiment grants"),
});

/**
 * IOP-FL, outside personalisation: test-time routing (Jiang et al., TMI 2023; official nets/routeconv.py and io_pfl). The kernels of
 * all personalised models and the global one are mixed for every sample; gates and normalisations follow the unlabelled batches,
 * carried over from batch to batch and from pass to pass.
 */
export const iopRouting = defineAdaptation({
  id: "iop-fl",
  title: "IOP-FL (test-time routing)",
  citation:
    "Jiang et al., IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation, IEEE TMI 2023",
  params,
  open({ bank: { shape, personal, global }, params: given, epochs, random, slot, draw }) {
    const switches = { ...readings[given.reading], ...definedOnly(given) };
    const experts = uploadExperts(shape, personal, global, switches.ordinaryExperts);
    const model = routed({ shape, experts, gate: given.gate, global });
    const network = slot({
      model,
      start: model.init(random.child("gates")),
      recipe: {
        loss: routingObjective({ ...switches, shape, weights: given.weights }),
        trains: switches.trainBottleneckGates ? where.everything : not(where.block(gateBlock("bottleneck"))),
        optimiser: { kind: "adam", learningRate: given.learningRate },
      },
    });
    const prediction = routedPrediction(shape);
    const layers = Array.from(experts.values(), ({ name, kernels }) => [name, kernels.shape[0]] as const);
    const seen = openTelemetry(layers);
    let steps = 0;
    return {
      epochs: given.epochs ?? epochs,
      async predict(images) {
        const source = random.child(switches.reseedEachStep ? "every step" : `step ${steps++}`);
        const draws = draw("step", () => drawAugmentation(shape, images.shape, given.sigma, given.dropout, source));
        const [losses] = await network.step({ batch: { images } }, draws);
        const drops = switches.dropoutInPrediction && given.dropout > 0;
        const factors = drops
          ? draw("prediction", () => ({
              dropout: drawDropout(shape, images.shape[0], given.dropout, source.child("prediction")),
            }))
          : {};
        const [logits, gates] = network.ask(prediction, images, factors);
        seen.add(losses, Array.from(await gates.data()));
        gates.dispose();
        return logits as Tensor4D;
      },
      telemetry: seen.take,
      dispose: () => disposeExperts(experts),
    };
  },
});

function definedOnly(given: z.output<typeof params>): Partial<typeof given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
