import { z } from "zod";
import { gateKinds } from "../../nets/routed/gate";
import { expertSets } from "./expert-set";

/**
 * What the two readings differ in. Each switch can also be set alone, which is how the audit asks what a quirk is worth. Lines are those
 * of med-air/IOP-FL 0f5fe60.
 */
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

/** The parameters of test-time routing. */
export const routingParams = z.strictObject({
  reading: z
    .enum(["published", "intended"])
    .default("intended")
    .describe("what the official code computes, or what it means to"),
  ordinaryExperts: z
    .enum(["all", "without-last-client"])
    .optional()
    .describe(
      "experts of ordinary convolutions; published: client_num=4 (nets/routeconv.py:33), so a fifth is left out",
    ),
  trainBottleneckGates: z
    .boolean()
    .optional()
    .describe("published: their names are missing from the list (federated/model_trainer_segmentation.py:220-253)"),
  entropyAxis: z
    .enum(["batch", "class"])
    .optional()
    .describe("axis the entropy sums over; published: dim=0, the batch (utils/loss.py:21)"),
  stopGradientTarget: z
    .boolean()
    .optional()
    .describe(
      "the clean prediction is a fixed target; published: both sides get gradient (model_trainer_segmentation.py:112)",
    ),
  reseedEachStep: z
    .boolean()
    .optional()
    .describe(
      "one draw of noise, turns, dropout for all steps; published: deterministic(seed) (model_trainer_segmentation.py:94)",
    ),
  dropoutInPrediction: z
    .boolean()
    .optional()
    .describe(
      "dropout in the prediction after the step; published: train mode stays (model_trainer_segmentation.py:65, 127)",
    ),
  experts: z
    .enum(expertSets)
    .optional()
    .describe("which models are mixed; others: without one client's (default: all)"),
  leftOut: z.int().nonnegative().optional().describe("of others: the client that is left out, from 0 (default: 0)"),
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

/** Those of them that a control has too whose experts are mixed without looking at the images. */
export const mixingParams = routingParams.pick({
  reading: true,
  entropyAxis: true,
  stopGradientTarget: true,
  weights: true,
  sigma: true,
  learningRate: true,
  epochs: true,
});

type RoutingParams = z.output<typeof routingParams>;

/** @returns every switch as the reading has it, unless it is said by itself */
export function switchesOf(given: Pick<RoutingParams, "reading"> & Partial<RoutingParams>) {
  const said: Partial<RoutingParams> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  return { ...readings[given.reading], ...said };
}
