import * as tf from "@tensorflow/tfjs-core";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { layoutSize } from "../../../lib/core/layout";
import { weightedMean } from "../../../lib/core/state";
import { disposeExperts, uploadExperts } from "../../../lib/nets/routed/experts";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import type { Model, Pass } from "../../../lib/nets/model/model";
import { namedTensors, select, upload, uploadAll, type Parameters } from "../../../lib/nets/model/parameters";
import type { Sight } from "../../../lib/nets/run/recipe";
import { routed } from "../../../lib/nets/routed/routed-unet";
import { initialiseRouting, routingLayout } from "../../../lib/nets/routed/routing-layout";
import { routingObjective } from "../../../lib/nets/routed/routing-objective";
import { uploadMoves } from "../../../lib/nets/model/transforms";
import { unet } from "../../../lib/nets/model/unet";
import { assertClose, leavingNoTensors, onEveryEngine, pattern } from "../../engine/engines";

const shape = { inChannels: 1, classes: 2, features: 2 };
const global = initialiseUNet(shape, createRandom("global"));
const personal = ["a", "b"].map((seed) => initialiseUNet(shape, createRandom(seed)));
const objective = {
  weights: { entropy: 10, consistency: 0.1, shape: 1 },
  entropyAxis: "class",
  stopGradientTarget: false,
} as const;

const pass = (network: Model, parameters: Parameters, images: tf.Tensor4D, more: Partial<Pass> = {}) =>
  network.apply(parameters, images, { statistics: "batch", ...more }, network.frozen);

onEveryEngine("the routed U-Net", ["tensorflow", "wasm"], () => {
  const images = () => tf.tensor4d(pattern(3 * 16 * 16), [3, 16, 16, 1]);

  test("with uniform gates it is the plain U-Net of the mean kernels", () => {
    leavingNoTensors(() =>
      tf.tidy(() => {
        const experts = uploadExperts(shape, personal, global, "all");
        const layout = routingLayout(shape, () => 3);
        const all = select(layout, () => true);
        const parameters = new Map(namedTensors(upload(initialiseRouting(layout, global, createRandom(1)), all), all));
        const { logits } = pass(routed({ shape, experts, gate: "uniform", global }), parameters, images());
        const mean = weightedMean([...personal, global], [1, 1, 1]);
        assertClose(
          logits.dataSync(),
          unet(shape).apply(uploadAll(mean), images(), { statistics: "batch" }, []).logits.dataSync(),
          1e-4,
        );
        disposeExperts(experts);
      }),
    );
  });

  test("each sample has kernels of its own", () => {
    tf.tidy(() => {
      const experts = uploadExperts(shape, personal, global, "without-last-client");
      const layout = routingLayout(shape, (layer) => (layer.transposed ? 3 : 2));
      const all = select(layout, () => true);
      const parameters = new Map(namedTensors(upload(initialiseRouting(layout, global, createRandom(1)), all), all));
      const network = routed({ shape, experts, gate: "sigmoid", global });
      const together = pass(network, parameters, images());
      const reversed = pass(network, parameters, tf.reverse(images(), 0));
      assertClose(tf.reverse(reversed.logits, 0).dataSync(), together.logits.dataSync(), 1e-4);
      const gate = together.taps.get("encoder1.enc1_conv1")?.dataSync() ?? [];
      if (gate[0] === gate[2]) throw new Error("two different samples have the same gate");
      disposeExperts(experts);
    });
  });

  test("the objective's gradient in gates and normalisations equals a finite difference along it", () => {
    tf.tidy(() => {
      const experts = uploadExperts(shape, personal, global, "all");
      const layout = routingLayout(shape, () => 3);
      const all = select(layout, () => true);
      const start = upload(initialiseRouting(layout, global, createRandom(1)), all);
      const noise = tf.tensor4d(pattern(3 * 256, 5), [3, 16, 16, 1]);
      const moves = uploadMoves(
        noise.shape,
        [0, 1, 2].map((quarters) => ({ flip: quarters === 1, quarters })),
      );
      const network = routed({ shape, experts, gate: "sigmoid", global });
      const loss = routingObjective({ ...objective, shape });
      const weights = Object.fromEntries(Object.entries(loss.numbers).map(([name, value]) => [name, tf.scalar(value)]));
      const total = (vector: tf.Tensor): tf.Scalar => {
        const parameters = new Map(namedTensors(vector as tf.Tensor1D, all));
        const forward: Sight["forward"] = (of = images(), more = {}) => pass(network, parameters, of, more);
        return loss.body({ images: images(), forward }, { noise, ...moves, ...weights }).total;
      };
      const gradient = tf.grad(total)(start);
      const length = tf.norm(gradient).dataSync()[0];
      const step = 2e-3;
      const at = (distance: number) => total(tf.add(start, tf.mul(gradient, distance / length))).dataSync()[0];
      assertClose([(at(step) - at(-step)) / (2 * step)], [length], 2e-2, `slope over ${layoutSize(layout)} parameters`);
      disposeExperts(experts);
    });
  });
});
