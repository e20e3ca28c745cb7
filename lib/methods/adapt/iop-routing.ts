import { dispose } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { expertStates, uploadExperts } from "../../nets/routed/experts";
import { gateKinds } from "../../nets/routed/gate";
import { createRoutedAdaptation, type AdaptationLosses } from "../../nets/routed/routed-adaptation";
import { initialiseRouting, routingLayout } from "../../nets/routed/routing-layout";
import { drawAugmentation, drawDropout } from "../../nets/routed/test-time-draws";
import { defineOutside } from "../contract";

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
export const iopRouting = defineOutside({
  id: "iop-fl",
  title: "IOP-FL (test-time routing)",
  citation:
    "Jiang et al., IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation, IEEE TMI 2023",
  params,
  start({ bank: { shape, personal, global }, params: given, epochs, random }) {
    const switches = { ...readings[given.reading], ...definedOnly(given) };
    const layout = routingLayout(
      shape,
      (layer) => expertStates(layer, personal, global, switches.ordinaryExperts).length,
    );
    const adaptation = createRoutedAdaptation({
      shape,
      experts: uploadExperts(shape, personal, global, switches.ordinaryExperts),
      gate: given.gate,
      start: initialiseRouting(layout, global, random.child("gates")),
      trainable: ({ name }) => switches.trainBottleneckGates || !/^bottleneck\..*_routing_fn\./.test(name),
      objective: {
        weights: given.weights,
        entropyAxis: switches.entropyAxis,
        stopGradientTarget: switches.stopGradientTarget,
      },
      learningRate: given.learningRate,
    });
    const losses: AdaptationLosses[] = [];
    const gates: Record<string, number[]>[] = [];
    let steps = 0;
    return {
      epochs: given.epochs ?? epochs,
      async predict(images) {
        const draw = random.child(switches.reseedEachStep ? "every step" : `step ${steps++}`);
        const draws = drawAugmentation(shape, images.shape, given.sigma, given.dropout, draw);
        losses.push(await adaptation.step(images, draws));
        const drops = switches.dropoutInPrediction && given.dropout > 0;
        const dropout = drops
          ? drawDropout(shape, images.shape[0], given.dropout, draw.child("prediction"))
          : undefined;
        const prediction = await adaptation.predict(images, dropout);
        dispose([...draws, ...(dropout ? [dropout] : [])]);
        gates.push(prediction.gates);
        return prediction.logits;
      },
      telemetry() {
        const terms = ["total", "entropy", "consistency", "shape"] as const;
        const curves = terms.map((term) => [`loss/${term}`, losses.map((loss) => loss[term])] as const);
        const layers = Object.keys(gates[0] ?? {}).map(
          (layer) => [`gate/${layer}`, meanOf(gates.map((batch) => batch[layer]))] as const,
        );
        losses.length = gates.length = 0;
        return Object.fromEntries([...curves, ...layers]);
      },
      dispose: () => adaptation.dispose(),
    };
  },
});

function definedOnly(given: z.output<typeof params>): Partial<typeof given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The mean of equally long rows, number by number. */
function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, index) => rows.reduce((sum, row) => sum + row[index], 0) / rows.length);
}
