import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { probabilities } from "../../nets/model/losses";
import { defineAdaptation } from "../contract";
import { expertsOf, openAnswering, statisticsOf } from "../parts/experts";

/** The smallest normal number: no model gives a class less, so that its logarithm stays finite. */
const least = 2 ** -126;

/** The mean of the probabilities that the experts give: outputs are mixed in place of weights, at their full price. */
export const ensemble = defineAdaptation({
  id: "ensemble",
  title: "Ensemble",
  citation: "control: outputs of all models are averaged in place of their weights",
  params: z.strictObject({ statistics: statisticsOf("running") }),
  open({ bank, params: { statistics }, slot }) {
    const experts = expertsOf(bank).map((state) => openAnswering({ bank, slot }, state, statistics));
    return {
      async predict(images) {
        return tf.tidy(() => {
          const answers = experts.map((expert) => probabilities(expert.predict(images)));
          // The logits of a mean of probabilities are its logarithm.
          return tf.log(tf.maximum(tf.div(tf.addN(answers), experts.length), least)) as tf.Tensor4D;
        });
      },
      dispose: () => experts.forEach((expert) => expert.dispose()),
    };
  },
});
