import * as tf from "@tensorflow/tfjs-core";
import { probabilities } from "../../nets/model/losses";
import { named } from "../../nets/run/named";
import type { Sight } from "../../nets/run/recipe";
import type { Slot } from "../../nets/run/slot";

/** An image as a memory holds it: the bottleneck's output in one vector, and logits `[1, height, width, class]`. */
export interface Remembered {
  readonly key: tf.Tensor1D;
  readonly logits: tf.Tensor4D;
}

const logitsAndKey = named(({ forward }: Sight): tf.Tensor[] => {
  const { logits, taps } = forward();
  return [logits, tf.reshape(taps.get("bottleneck") as tf.Tensor4D, [-1])];
});

/** How a network sees an image now. @returns tensors that are the caller's */
export function recall(network: Slot, image: tf.Tensor4D): Remembered {
  const [logits, key] = network.ask(logitsAndKey, image);
  return { logits: logits as tf.Tensor4D, key: key as tf.Tensor1D };
}

export interface MemoryConfig {
  /** What the authors' code computes (yanghw97/DLTTA 970397c, memory.py), or what it means to. */
  readonly reading: "published" | "intended";
  /** M: images that are remembered; published: one more. */
  readonly memory: number;
  /** K: of which so many speak. */
  readonly neighbours: number;
  readonly temperature: number;
}

/** Images that were seen before, the oldest of which is forgotten first. Keeps tensors until it is disposed of. */
export function openMemory({ reading, memory, neighbours, temperature }: MemoryConfig) {
  const published = reading === "published";
  const held: Remembered[] = [];
  return {
    size: () => held.length,
    /** How far an image's answer is from its neighbours', mean over pixels; nothing while there are too few. */
    async discrepancy({ key, logits }: Remembered): Promise<number | undefined> {
      if (published ? held.length <= neighbours : held.length < neighbours) return undefined;
      const cosines = await cosinesOf(
        key,
        held.map((entry) => entry.key),
      );
      const nearest = held.map((_, index) => index).sort((a, b) => cosines[b] - cosines[a]);
      const chosen = nearest.slice(0, neighbours);
      const shares = softmax(chosen.map((index) => cosines[index] / temperature));
      // The sum over the neighbours is never accumulated: the last one alone is left.
      const speaking = published ? [neighbours - 1] : chosen.keys();
      const distance = tf.tidy(() => {
        const parts = Array.from(speaking, (rank) => tf.mul(held[chosen[rank]].logits, shares[rank]));
        return divergenceOf(tf.addN(parts) as tf.Tensor4D, published ? tf.div(logits, 4) : logits);
      });
      const [value] = await distance.data();
      distance.dispose();
      return value;
    },
    /** Takes an image over. */
    add(entry: Remembered): void {
      if (published ? held.length > memory : held.length >= memory) forget(held.splice(0, 1));
      held.push({ key: tf.keep(entry.key), logits: tf.keep(entry.logits) });
    },
    dispose: () => forget(held.splice(0)),
  };
}

const forget = (entries: readonly Remembered[]): void =>
  tf.dispose(entries.flatMap(({ key, logits }) => [key, logits]));

/** `sum_k (q - p)(ln q - ln p)` of both softmaxes, mean over pixels. */
function divergenceOf(reference: tf.Tensor4D, logits: tf.Tensor4D): tf.Scalar {
  const apart = tf.sub(probabilities(logits), probabilities(reference));
  const logarithms = tf.sub(tf.logSoftmax(logits), tf.logSoftmax(reference));
  return tf.mean(tf.sum(tf.mul(apart, logarithms), 3)) as tf.Scalar;
}

async function cosinesOf(key: tf.Tensor1D, keys: readonly tf.Tensor1D[]): Promise<Float32Array> {
  const cosines = tf.tidy(() => {
    const all = tf.stack([...keys]);
    const lengths = tf.mul(tf.norm(all, 2, 1), tf.norm(key));
    return tf.divNoNan(tf.sum(tf.mul(all, key), 1), lengths);
  });
  const values = await cosines.data<"float32">();
  cosines.dispose();
  return values;
}

function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
