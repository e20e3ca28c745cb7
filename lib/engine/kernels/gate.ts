import * as tf from "@tensorflow/tfjs-core";

/** What an engine with a kernel of its own for gates registers. */
export const sigmoidGateKernel = "SigmoidGate";
export const sigmoidGateGradKernel = "SigmoidGateGrad";

/** Two linear layers, weights `[out, in]`. */
export interface GateLayers {
  readonly first: tf.Tensor2D;
  readonly firstBias: tf.Tensor1D;
  readonly second: tf.Tensor2D;
  readonly secondBias: tf.Tensor1D;
}

/**
 * `second(dropout first(mean))`, with no nonlinearity between the layers.
 * @param mean `[batch, channel]`
 * @param dropout multiplies the hidden values `[batch, hidden]`; nothing for no dropout
 * @returns `[batch, expert]`, the caller's to dispose (or tidied)
 */
export function gateScores(
  mean: tf.Tensor2D,
  dropout: tf.Tensor2D | undefined,
  { first, firstBias, second, secondBias }: GateLayers,
): tf.Tensor2D {
  return tf.tidy(() => {
    const hidden = tf.add<tf.Tensor2D>(tf.matMul(mean, first, false, true), firstBias);
    const kept = dropout ? tf.mul<tf.Tensor2D>(hidden, dropout) : hidden;
    return tf.add<tf.Tensor2D>(tf.matMul(kept, second, false, true), secondBias);
  });
}

/** The sigmoid of `gateScores`, as one kernel where the engine has one: its numbers are so few that calls cost more than sums. */
export function sigmoidGate(mean: tf.Tensor2D, dropout: tf.Tensor2D | undefined, layers: GateLayers): tf.Tensor2D {
  if (!tf.getKernel(sigmoidGateKernel, tf.getBackend()))
    return tf.tidy(() => tf.sigmoid(gateScores(mean, dropout, layers)));
  const factors = dropout ?? tf.scalar(1);
  const [gate, hidden] = tf.engine().runKernel(sigmoidGateKernel, { mean, dropout: factors, ...layers }) as tf.Tensor[];
  hidden.dispose();
  if (!dropout) factors.dispose();
  return gate as tf.Tensor2D;
}

/** Its gradient, where it is one kernel. */
export function registerSigmoidGateGradient(): void {
  if (tf.getGradient(sigmoidGateKernel)) return;
  tf.registerGradient({
    kernelName: sigmoidGateKernel,
    inputsToSave: ["mean", "dropout", "first", "second"],
    outputsToSave: [true, true],
    gradFunc: (dys, [mean, dropout, first, second, gate, hidden]) => {
      const dy = (dys as tf.Tensor[])[0];
      // Computed at once: a tensor made inside one of the functions below would be freed before the next one asks for it.
      const all = tf
        .engine()
        .runKernel(sigmoidGateGradKernel, { dy, gate, hidden, mean, dropout, first, second }) as tf.Tensor[];
      return Object.fromEntries(
        ["mean", "first", "firstBias", "second", "secondBias"].map((name, index) => [name, () => all[index]]),
      );
    },
  });
}
