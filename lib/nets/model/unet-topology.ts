import * as tf from "@tensorflow/tfjs-core";
import { WorkbenchError } from "../../core/errors";
import type { ImageParts } from "../../engine";
import type { Forward, Pass } from "./model";
import { unetStages, type Stage, type UNetShape } from "./unet-layout";

/** What a U-Net is made of; the plain, the folded and the routed network differ in nothing else. */
export interface UNetLayers {
  /** 3x3 convolution without bias, batch normalisation, ReLU. */
  convolve(x: ImageParts, convolution: string, normalisation: string): tf.Tensor4D;
  /** Transposed 2x2 convolution with stride 2 and bias. */
  enlarge(x: tf.Tensor4D, name: string): tf.Tensor4D;
  /** The last 1x1 convolution with bias. */
  classify(x: tf.Tensor4D, name: string): tf.Tensor4D;
}

/** What a run through the network gives: see `Forward`. */
export type Flow = Pick<Forward, "logits" | "taps">;

/**
 * Four levels down and up again with skip connections (`nets/models.py` of the official code).
 * @param images `[batch, height, width, channel]`, height and width divisible by 16
 * @returns logits `[batch, height, width, class]` and the output of every block; call it inside `tf.tidy`
 * @throws WorkbenchError when the images do not fit the network
 */
export function runUNet(
  shape: UNetShape,
  layers: UNetLayers,
  images: tf.Tensor4D,
  { hooks = {}, until }: Pick<Pass, "hooks" | "until"> = {},
): Flow {
  assertFitting(shape, images);
  const { stages, ups } = unetStages(shape);
  const taps = new Map<string, tf.Tensor4D>();
  const double = (x: ImageParts, { block, short }: Stage): tf.Tensor4D => {
    const convolve = (y: ImageParts, half: number) =>
      layers.convolve(y, `${block}.${short}_conv${half}`, `${block}.${short}_bn${half}`);
    const out = convolve([convolve(x, 1)], 2);
    const hooked = hooks[block]?.(out) ?? out;
    taps.set(block, hooked);
    return hooked;
  };

  const skips: tf.Tensor4D[] = [];
  let x = images;
  for (const [index, stage] of stages.entries()) {
    const up = ups[index - 5];
    x = double(up ? [layers.enlarge(x, up.name), skips[8 - index]] : [x], stage);
    if (stage.block === until) return stopped(taps, until);
    if (index < 4) {
      skips.push(x);
      x = tf.maxPool(x, 2, 2, "valid");
    }
  }
  return { logits: layers.classify(x, "conv"), taps };
}

function stopped(taps: Flow["taps"], block: string): Flow {
  return {
    taps,
    get logits(): never {
      throw new RangeError(`a pass that ends behind ${block} has no logits`);
    },
  };
}

function assertFitting({ inChannels }: UNetShape, { shape: [, height, width, channels] }: tf.Tensor4D): void {
  if (height % 16 !== 0 || width % 16 !== 0) {
    throw new WorkbenchError(
      `images of ${height}x${width} pixels do not fit a U-Net of four levels`,
      "use a height and width divisible by 16",
    );
  }
  if (channels !== inChannels) {
    throw new WorkbenchError(
      `images with ${channels} channels do not fit a U-Net for ${inChannels}`,
      "use images and a network of equal channels",
    );
  }
}
