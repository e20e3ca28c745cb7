import * as tf from "@tensorflow/tfjs-core";

/** What an engine with a kernel of its own for mixed convolutions registers; the others go sample by sample. */
export const mixedConvolutionKernel = "MixedConvolution";
export const mixedInputGradKernel = "MixedConvolutionInputGrad";
export const mixedGateGradKernel = "MixedConvolutionGateGrad";

/** The experts of a layer, between which a gate chooses. */
export interface ExpertWeights {
  /** `[expert, kh * kw * in * out]` */
  readonly kernels: tf.Tensor2D;
  /** `[expert, out]` */
  readonly biases?: tf.Tensor2D;
}

/** The kernels of a layer: `[kh, kw, in, out]` with stride 1, transposed `[kh, kw, out, in]` with a stride as large as the kernel. */
export interface MixedKernels {
  readonly kernel: readonly number[];
  readonly transposed: boolean;
}

/**
 * A convolution whose kernel and bias are mixed for every sample: `W = sum_k gate_k W_k`. Differentiable in `x` and `gate`, not in the
 * experts.
 * @param x `[batch, height, width, channel]`
 * @param gate `[batch, expert]`
 * @returns a tensor as large as `x`, or transposed as many times larger as the kernel is wide; the caller's to dispose (or tidied)
 */
export function mixedConvolution(
  x: tf.Tensor4D,
  gate: tf.Tensor2D,
  { kernels, biases }: ExpertWeights,
  layer: MixedKernels,
): tf.Tensor4D {
  if (!tf.getKernel(mixedConvolutionKernel, tf.getBackend()))
    return addMixed(sampleBySample(x, gate, kernels, layer), gate, biases);
  const { kernel, transposed } = layer;
  const shifts = biases ?? tf.tensor1d([]);
  const [y, mixed] = tf
    .engine()
    .runKernel(
      mixedConvolutionKernel,
      { x, gate, kernels, biases: shifts },
      { kernel: [...kernel], transposed },
    ) as tf.Tensor[];
  mixed.dispose();
  if (!biases) shifts.dispose();
  return y as tf.Tensor4D;
}

/** Its gradient, where it is one kernel: what nobody asks for is not computed, such as the gradient in the images. */
export function registerMixedConvolutionGradient(): void {
  if (tf.getGradient(mixedConvolutionKernel)) return;
  tf.registerGradient({
    kernelName: mixedConvolutionKernel,
    inputsToSave: ["x", "gate", "kernels", "biases"],
    outputsToSave: [false, true],
    gradFunc: (dys, [x, gate, kernels, biases, mixed], attributes) => {
      const dy = (dys as tf.Tensor[])[0];
      return {
        x: () => tf.engine().runKernel(mixedInputGradKernel, { x, dy, mixed }) as tf.Tensor,
        gate: () =>
          tf.engine().runKernel(mixedGateGradKernel, { gate, x, dy, kernels, biases }, attributes) as tf.Tensor,
      };
    },
  });
}

function addMixed(y: tf.Tensor4D, gate: tf.Tensor2D, biases: tf.Tensor2D | undefined): tf.Tensor4D {
  return biases ? tf.tidy(() => tf.add(y, tf.reshape(tf.matMul(gate, biases), [y.shape[0], 1, 1, y.shape[3]]))) : y;
}

function sampleBySample(
  x: tf.Tensor4D,
  gate: tf.Tensor2D,
  experts: tf.Tensor2D,
  { kernel, transposed }: MixedKernels,
): tf.Tensor4D {
  const [samples, rows, columns] = x.shape;
  const [height, width, third, fourth] = kernel;
  // One kernel below the other along the first axis, so that a cut is enough to part them.
  const stacked = tf.reshape<tf.Rank.R4>(tf.matMul(gate, experts), [samples * height, width, third, fourth]);
  const kernels = cut(stacked, samples);
  const outputs = cut(x, samples).map((sample, index) =>
    transposed
      ? tf.conv2dTranspose(sample, kernels[index], [1, height * rows, width * columns, third], [height, width], "same")
      : tf.conv2d(sample, kernels[index], 1, "same"),
  );
  return samples === 1 ? outputs[0] : tf.concat(outputs, 0);
}

/** Splitting's gradient is one concatenation, where slicing's would be a padded copy of the batch for every sample. */
function cut(x: tf.Tensor4D, parts: number): tf.Tensor4D[] {
  return parts === 1 ? [x] : tf.split(x, parts);
}
