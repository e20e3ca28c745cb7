import * as tf from "@tensorflow/tfjs-core";
import type { Normalise, Pass } from "../../nets/model/model";
import { batchNormEpsilon } from "../../nets/model/unet";
import { chosen, named, type Inputs, type Named } from "../../nets/run/named";

/** The running statistics normalise, and stay. */
export const trainedStatistics: Named<() => Pass> = named((): Pass => ({ statistics: "running" }));

/**
 * `N / (N + n)` of the running mean and variance and `n / (N + n)` of the batch's (biased), no term for the distance of the means
 * (Schneider et al., NeurIPS 2020). The gradient passes through the batch's part.
 * @param prior N @param counts how much a batch counts: n images, or 1 whatever it holds
 */
export const statisticsWithPrior = (
  prior: number,
  counts: "images" | "once" = "images",
): Named<(inputs: Inputs) => Pass> => chosen(withPrior, { counts }, { numbers: { prior } });

const withPrior =
  ({ counts }: { readonly counts: string }) =>
  ({ prior }: Inputs): Pass => ({
    statistics: ((x, { scale, offset, running }) => {
      const count = counts === "once" ? 1 : x.shape[0];
      const trained = running();
      const seen = tf.moments(x, [0, 1, 2]);
      const mix = (past: tf.Tensor, now: tf.Tensor) =>
        tf.div(tf.add(tf.mul(past, prior), tf.mul(now, count)), tf.add(prior, count)) as tf.Tensor1D;
      const [mean, variance] = [mix(trained.mean, seen.mean), mix(trained.variance, seen.variance)];
      return tf.batchNorm(x, mean, variance, offset, scale, batchNormEpsilon);
    }) satisfies Normalise,
  });
