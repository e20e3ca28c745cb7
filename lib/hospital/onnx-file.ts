import { writeOnnx, type OnnxGraph, type OnnxNode } from "../io/onnx";
import type { State } from "../core/state";
import { batchNormEpsilon } from "../nets/model/unet";
import { unetStages, type Stage, type UNetShape } from "../nets/model/unet-layout";
import { torchShape, toTorch } from "../nets/torch/torch-layout";

/**
 * The official network with its running statistics, as ONNX: `images` `[batch, channel, height, width]`, normalised as in training, with sides
 * divisible by 16, to `logits` `[batch, class, height, width]`. Weights keep their official names.
 */
export function onnxBytes(shape: UNetShape, state: State): Uint8Array {
  const notes = { source: "IOP-FL Workbench", features: String(shape.features) };
  return writeOnnx(networkOf(shape, state), "IOP-FL Workbench", notes);
}

function networkOf(shape: UNetShape, { layout, values }: State): OnnxGraph {
  const value = (name: string, channels: number) => ({ name, shape: ["batch", channels, "height", "width"] });
  return {
    name: "U-Net",
    nodes: nodesOf(shape),
    constants: layout
      .filter(({ role }) => role !== "counter")
      .map((entry) => ({
        name: entry.name,
        shape: torchShape(entry),
        values: toTorch(values.subarray(entry.offset, entry.offset + entry.size), entry),
      })),
    inputs: [value("images", shape.inChannels)],
    outputs: [value("logits", shape.classes)],
  };
}

/** The nodes in the order in which the network runs, each called as what it gives. */
function nodesOf(shape: UNetShape): OnnxNode[] {
  const { stages, ups } = unetStages(shape);
  const nodes: OnnxNode[] = [];
  const add = (operator: string, name: string, inputs: readonly string[], attributes?: OnnxNode["attributes"]) => {
    nodes.push({ operator, name, inputs, attributes });
    return name;
  };
  const double = (x: string, { block, short }: Stage): string =>
    [1, 2].reduce((from, half) => {
      const [convolution, norm] = [`${block}.${short}_conv${half}`, `${block}.${short}_bn${half}`];
      const same = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
      const y = add("Conv", convolution, [from, `${convolution}.weight`], same);
      const of = ["weight", "bias", "running_mean", "running_var"].map((part) => `${norm}.${part}`);
      const z = add("BatchNormalization", norm, [y, ...of], { epsilon: batchNormEpsilon });
      return add("Relu", `${norm}.relu`, [z]);
    }, x);

  const skips: string[] = [];
  let x = "images";
  for (const [index, stage] of stages.entries()) {
    const up = ups[index - 5];
    const biased = (name: string) => [x, `${name}.weight`, `${name}.bias`];
    const halves = { kernel_shape: [2, 2], strides: [2, 2] };
    if (up) {
      const enlarged = add("ConvTranspose", up.name, biased(up.name), halves);
      x = add("Concat", `${up.name}.skip`, [enlarged, skips[8 - index]], { axis: 1 });
    }
    x = double(x, stage);
    if (index >= 4) continue;
    skips.push(x);
    x = add("MaxPool", `${stage.block}.pool`, [x], halves);
  }
  add("Conv", "logits", [x, "conv.weight", "conv.bias"], { kernel_shape: [1, 1] });
  return nodes;
}
