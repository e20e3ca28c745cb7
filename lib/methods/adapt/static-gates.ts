import { routingObjective } from "../../nets/routed/routing-objective";
import { defineAdaptation } from "../contract";
import { noisyMoves } from "../parts/consistency";
import { expertsOf } from "../parts/experts";
import { following } from "../parts/following";
import { layerByLayer, mixtureNet } from "../parts/mixture-net";
import { mixingParams, switchesOf } from "../parts/routing-params";

/**
 * IOP-FL's routing without its gates: every convolution has a free number for each expert, whose softmax mixes the kernels of all images
 * alike. What the gates' view of the image is worth is what test-time routing has over this.
 */
export const staticGates = defineAdaptation({
  id: "static-gates",
  title: "Static gates",
  citation: "control: IOP-FL's routing with weights that no image changes",
  params: mixingParams,
  open({ bank, params, epochs, random, slot, draw }) {
    const { shape, global } = bank;
    const { entropyAxis, stopGradientTarget } = switchesOf(params);
    const { weights, sigma, learningRate } = params;
    const model = mixtureNet({ shape, experts: expertsOf(bank), groups: layerByLayer(shape), global });
    const loss = routingObjective({ shape, weights, entropyAxis, stopGradientTarget });
    const start = model.init(random);
    const network = slot({ model, start, recipe: { loss, optimiser: { kind: "adam", learningRate } } });
    const adapter = following(
      network,
      { steps: 1, reset: "never", predicts: "after", epochs: params.epochs ?? epochs },
      { terms: ["total", "entropy", "consistency", "shape"], beside: noisyMoves({ random, draw }, sigma) },
    );
    return { ...adapter, dispose: model.dispose };
  },
});
