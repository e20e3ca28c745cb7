import type * as tf from "@tensorflow/tfjs-core";
import { named } from "../../nets/run/named";
import type { Sight } from "../../nets/run/recipe";

/** What the network answers. */
export const logitsOf = named(({ forward }: Sight): tf.Tensor[] => [forward().logits]);
