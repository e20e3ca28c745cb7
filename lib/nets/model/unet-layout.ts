import { createLayout, type EntryKind, type Layout } from "../../core/state";

/** The size of a U-Net. The paper's: 3 input channels, 2 classes, 32 features. */
export interface UNetShape {
  readonly inChannels: number;
  readonly classes: number;
  /** Channels of the first level; each level below doubles them. */
  readonly features: number;
}

/** One double-convolution stage: name of its block, short name of its layers, channels in and out. */
export interface Stage {
  readonly block: string;
  readonly short: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** One transposed convolution between two stages of the decoder. */
export interface UpStage {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** @returns the stages of the official `nets/models.py`, encoder first, and the four up-convolutions. */
export function unetStages({ inChannels, features }: UNetShape): { stages: readonly Stage[]; ups: readonly UpStage[] } {
  const widths = [1, 2, 4, 8].map((factor) => factor * features);
  const deepest = 16 * features;
  const stages: Stage[] = widths.map((outputs, level) => ({
    block: `encoder${level + 1}`,
    short: `enc${level + 1}`,
    inputs: level === 0 ? inChannels : widths[level - 1],
    outputs,
  }));
  stages.push({ block: "bottleneck", short: "bottleneck", inputs: widths[3], outputs: deepest });
  const ups: UpStage[] = [];
  for (let level = 4; level >= 1; level--) {
    const outputs = widths[level - 1];
    ups.push({ name: `upconv${level}`, inputs: 2 * outputs, outputs });
    stages.push({ block: `decoder${level}`, short: `dec${level}`, inputs: 2 * outputs, outputs });
  }
  return { stages, ups };
}

/**
 * Names of the official state dict, shapes as TensorFlow wants them: convolutions `[kh, kw, in, out]`, transposed convolutions
 * `[kh, kw, out, in]`.
 */
export function unetLayout(shape: UNetShape): Layout {
  const { stages, ups } = unetStages(shape);
  const tensors: { name: string; shape: readonly number[]; kind: EntryKind }[] = [];
  const add = (name: string, dims: readonly number[], kind: EntryKind = "weight") =>
    tensors.push({ name, shape: dims, kind });
  const addStage = ({ block, short, inputs, outputs }: Stage) => {
    for (const half of [1, 2]) {
      add(`${block}.${short}_conv${half}.weight`, [3, 3, half === 1 ? inputs : outputs, outputs]);
      const norm = `${block}.${short}_bn${half}`;
      add(`${norm}.weight`, [outputs]);
      add(`${norm}.bias`, [outputs]);
      add(`${norm}.running_mean`, [outputs], "statistic");
      add(`${norm}.running_var`, [outputs], "statistic");
      add(`${norm}.num_batches_tracked`, [], "counter");
    }
  };
  stages.slice(0, 5).forEach(addStage);
  ups.forEach((up, index) => {
    add(`${up.name}.weight`, [2, 2, up.outputs, up.inputs]);
    add(`${up.name}.bias`, [up.outputs]);
    addStage(stages[5 + index]);
  });
  add("conv.weight", [1, 1, shape.features, shape.classes]);
  add("conv.bias", [shape.classes]);
  return createLayout(tensors);
}
