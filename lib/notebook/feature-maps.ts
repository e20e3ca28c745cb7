import * as tf from "@tensorflow/tfjs-core";
import { contactSheet, type Panel } from "../io/contact-sheet";
import type { Forward } from "../nets/model/model";
import type { Bundle } from "./bundle";
import { image } from "./image";
import type { BlockRow } from "./network-drawing";

const amber = [255, 190, 0] as const;

/**
 * The first slice of a batch on its way through the network: what goes in, the mean over the channels of what leaves each block, and the
 * probability of the foreground.
 * @param pass runs the network on the batch; it is called inside `tf.tidy`
 */
export function featureMaps(
  blocks: readonly BlockRow[],
  side: number,
  pass: () => Forward,
  { images, masks }: { readonly images: tf.Tensor4D; readonly masks: tf.Tensor3D },
): Bundle {
  const panels: Panel[] = [];
  tf.tidy(() => {
    const { taps, logits } = pass();
    const reference = { mask: tf.slice(masks, [0, 0, 0], [1, -1, -1]).dataSync(), colour: amber };
    /** Takes one channel of the first slice, or the mean over all. */
    const add = (title: string, x: tf.Tensor4D, channel?: number, outlines?: Panel["outlines"]): void => {
      const [from, count] = channel === undefined ? [0, -1] : [channel, 1];
      const plane = tf.mean(tf.slice(x, [0, 0, 0, from], [1, -1, -1, count]), 3, true) as tf.Tensor4D;
      const pixels = tf.image.resizeNearestNeighbor(plane, [side, side]).dataSync();
      panels.push({ title, height: side, width: side, pixels, outlines });
    };
    add("image", images, Math.floor(images.shape[3] / 2), [reference]);
    for (const { block, side: own } of blocks) {
      const tap = taps.get(block);
      if (tap) add(`${block} ${own}x${own}`, tap as tf.Tensor4D);
    }
    add("foreground", tf.sub(1, tf.slice(tf.softmax(logits), [0, 0, 0, 0], [-1, -1, -1, 1])), undefined, [reference]);
  });
  const alt =
    "the first slice of the batch, the mean map of each block from encoder to decoder, and the probability of the foreground";
  return image(contactSheet(panels, { columns: 6 }), { alt, width: 960 });
}
