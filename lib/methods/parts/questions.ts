import type * as tf from "@tensorflow/tfjs-core";
import { named } from "../../nets/run/named";
import type { Sight } from "../../nets/run/recipe";

/** What the network answers. */
export const logitsOf = named(({ forward }: Sight): tf.Tensor[] => [forward().logits]);

/** What it answers with its running statistics, whatever its steps take. */
export const trainedLogits = named(({ images, forward }: Sight): tf.Tensor[] => [
  forward(images, { statistics: "running" }).logits,
]);
