import * as tf from "@tensorflow/tfjs-core";
import { WorkbenchError } from "../../core/errors";
import type { ImageParts } from "../../engine";
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

/**
 * Four levels down and up again with skip connections (`nets/models.py` of the official code).
 * @param images `[batch, height, width, channel]`, height and width divisible by 16
 * @returns logits `[batch, height, width, class]`; call it inside `tf.tidy`
 * @throws WorkbenchError when the images do not fit the network
 */
export function runUNet(shape: UNetShape, layers: UNetLayers, images: tf.Tensor4D): tf.Tensor4D {
  const [, height, width, channels] = images.shape;
  if (height % 16 !== 0 || width % 16 !== 0) {
    throw new WorkbenchError(
      `images of ${height}x${width} pixels do not fit a U-Net of four levels`,
      "use a height and width divisible by 16",
    );
  }
  if (channels !== shape.inChannels) {
    throw new WorkbenchError(
      `images with ${channels} channels do not fit a U-Net for ${shape.inChannels}`,
      "use images and a network of equal channels",
    );
  }
  const { stages, ups } = unetStages(shape);
  const double = (x: ImageParts, { block, short }: Stage): tf.Tensor4D => {
    const convolve = (y: ImageParts, half: number) =>
      layers.convolve(y, `${block}.${short}_conv${half}`, `${block}.${short}_bn${half}`);
    return convolve([convolve(x, 1)], 2);
  };

  const skips: tf.Tensor4D[] = [];
  let x = images;
  for (const stage of stages.slice(0, 4)) {
    const skip = double([x], stage);
    skips.push(skip);
    x = tf.maxPool(skip, 2, 2, "valid");
  }
  x = double([x], stages[4]);
  ups.forEach((up, index) => {
    x = double([layers.enlarge(x, up.name), skips[3 - index]], stages[5 + index]);
  });
  return layers.classify(x, "conv");
}
