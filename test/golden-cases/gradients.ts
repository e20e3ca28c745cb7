import * as tf from "@tensorflow/tfjs-core";
import { layoutSize } from "../../lib/core/layout";
import { where } from "../../lib/core/where";
import { oneHotMasks, softDiceLoss } from "../../lib/nets/model/losses";
import { download, namedTensors, select, upload } from "../../lib/nets/model/parameters";
import { unet } from "../../lib/nets/model/unet";
import { openGoldenCase, type GoldenCheck } from "./golden-case";
import { images, masks, shapeOf, stateOf, storedEntry } from "./network";

/** The gradient of soft Dice in every parameter, by the rule of all files and beside each tensor's own largest gradient. */
export const check: GoldenCheck = {
  name: "gradients",
  engine: true,
  async run(golden) {
    const network = openGoldenCase(golden.folder, "unet");
    const shape = shapeOf(network, "state/");
    const state = stateOf(network, "state/");
    const weights = select(state.layout, where.trained);
    const values = new Float32Array(layoutSize(state.layout));
    const { value, grad } = tf.tidy(() => {
      const input = images(network.tensor("input"));
      const truth = oneHotMasks(masks(network.tensor("mask")), shape.classes);
      const objective = (vector: tf.Tensor): tf.Scalar => {
        const parameters = new Map(namedTensors(vector as tf.Tensor1D, weights));
        return softDiceLoss(unet(shape).apply(parameters, input, { statistics: "batch" }, []).logits, truth);
      };
      return tf.valueAndGrad(objective)(upload(state, weights)) as { value: tf.Scalar; grad: tf.Tensor1D };
    });
    golden.compare("loss", await value.data(), golden.tensor("loss").data as Float32Array, "loss");
    await download(grad, weights, values);
    tf.dispose([value, grad]);
    const gradients = { layout: state.layout, values };
    const deviations = golden.json.per_tensor_deviation as Readonly<Record<string, { readonly abs: number }>>;
    for (const { name } of weights.entries) {
      const want = golden.tensor(`grad/${name}`).data as Float32Array;
      const got = storedEntry(gradients, name);
      golden.compare(`gradient of ${name}`, got, want, "grad");
      // The group's largest gradient would hide a wrong tensor of small ones.
      const largest = want.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      golden.compareWithin(
        `gradient of ${name} beside its own largest`,
        got,
        want,
        20 * deviations[name].abs + 1e-4 * largest,
      );
    }
  },
};
