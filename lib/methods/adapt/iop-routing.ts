import type { Tensor4D } from "@tensorflow/tfjs-core";
import { not, where } from "../../core/where";
import { disposeExperts, uploadExperts } from "../../nets/routed/experts";
import { routed } from "../../nets/routed/routed-unet";
import { routedPrediction } from "../../nets/routed/routed-prediction";
import { gateBlock } from "../../nets/routed/routing-layout";
import { routingObjective } from "../../nets/routed/routing-objective";
import { drawAugmentation, drawDropout } from "../../nets/routed/test-time-draws";
import { defineAdaptation } from "../contract";
import { expertSet } from "../parts/expert-set";
import { routingParams, switchesOf } from "../parts/routing-params";
import { openTelemetry } from "../parts/routing-telemetry";

/**
 * IOP-FL, outside personalisation: test-time routing (Jiang et al., TMI 2023; official nets/routeconv.py and io_pfl). The kernels of
 * all personalised models and the global one are mixed for every sample; gates and normalisations follow the unlabelled batches,
 * carried over from batch to batch and from pass to pass.
 */
export const iopRouting = defineAdaptation({
  id: "iop-fl",
  title: "IOP-FL (test-time routing)",
  citation: "Jiang et al., IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation, TMI 2023",
  params: routingParams,
  open({ bank: { shape, personal, global }, params: given, epochs, random, slot, draw }) {
    const switches = switchesOf(given);
    const set = expertSet({ personal, global }, given.experts, given.leftOut);
    const experts = uploadExperts(shape, set.personal, set.global, switches.ordinaryExperts);
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
    const seen = openTelemetry(Array.from(experts.values(), ({ name, kernels }) => [name, kernels.shape[0]] as const));
    const dropped = (size: number, from: typeof random) => ({ dropout: drawDropout(shape, size, given.dropout, from) });
    let steps = 0;
    return {
      epochs: given.epochs ?? epochs,
      async predict(images) {
        const source = random.child(switches.reseedEachStep ? "every step" : `step ${steps++}`);
        const draws = draw("step", () => drawAugmentation(shape, images.shape, given.sigma, given.dropout, source));
        const [losses] = await network.step({ batch: { images } }, draws);
        const drops = switches.dropoutInPrediction && given.dropout > 0;
        const factors = drops ? draw("prediction", () => dropped(images.shape[0], source.child("prediction"))) : {};
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
