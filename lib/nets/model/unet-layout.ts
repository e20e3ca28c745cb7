import { createLayout, type EntryRole, type Layout, type UnplacedEntry } from "../../core/layout";

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

/** One convolution, with the normalisation behind it or else a bias. */
export interface Layer {
  readonly name: string;
  readonly block: string;
  /** Ordinary convolution, or a transposed one. */
  readonly transposed: boolean;
  /** `[kh, kw, in, out]`, transposed `[kh, kw, out, in]`. */
  readonly kernel: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
  readonly biased: boolean;
  readonly normalisation?: string;
}

/** @returns the 23 convolutions of a U-Net in the order in which the network passes them, by their official names */
export function unetLayers(shape: UNetShape): Layer[] {
  const { stages, ups } = unetStages(shape);
  const double = ({ block, short, inputs, outputs }: Stage): Layer[] =>
    [1, 2].map((half) => ({
      name: `${block}.${short}_conv${half}`,
      block,
      transposed: false,
      kernel: [3, 3, half === 1 ? inputs : outputs, outputs],
      inputs: half === 1 ? inputs : outputs,
      outputs,
      biased: false,
      normalisation: `${block}.${short}_bn${half}`,
    }));
  const up = ({ name, inputs, outputs }: UpStage): Layer => ({
    name,
    block: name,
    transposed: true,
    kernel: [2, 2, outputs, inputs],
    inputs,
    outputs,
    biased: true,
  });
  const last: Layer = {
    name: "conv",
    block: "head",
    transposed: false,
    kernel: [1, 1, shape.features, shape.classes],
    inputs: shape.features,
    outputs: shape.classes,
    biased: true,
  };
  const down = stages.slice(0, 5).flatMap(double);
  return [...down, ...ups.flatMap((each, index) => [up(each), ...double(stages[5 + index])]), last];
}

/**
 * Names of the official state dict, shapes as TensorFlow wants them: convolutions `[kh, kw, in, out]`, transposed convolutions
 * `[kh, kw, out, in]`.
 */
export function unetLayout(shape: UNetShape): Layout {
  return createLayout(unetLayers(shape).flatMap(entriesOf));
}

function entriesOf({ name, block, kernel, outputs, biased, normalisation: norm }: Layer): UnplacedEntry[] {
  const entry = (path: string, dims: readonly number[], role: EntryRole) => ({ name: path, shape: dims, role, block });
  return [
    entry(`${name}.weight`, kernel, "kernel"),
    ...(biased ? [entry(`${name}.bias`, [outputs], "bias")] : []),
    ...(norm === undefined
      ? []
      : [
          entry(`${norm}.weight`, [outputs], "scale"),
          entry(`${norm}.bias`, [outputs], "offset"),
          entry(`${norm}.running_mean`, [outputs], "mean"),
          entry(`${norm}.running_var`, [outputs], "variance"),
          entry(`${norm}.num_batches_tracked`, [], "counter"),
        ]),
  ];
}
