import * as tf from "@tensorflow/tfjs-core";
import { probabilities, softDiceLoss } from "../../nets/model/losses";
import { withoutGradient } from "../../nets/model/without-gradient";
import { named, type Inputs } from "../../nets/run/named";
import type { Draws, LabelledSight, Loss } from "../../nets/run/recipe";

const encoders = ["encoder1", "encoder2", "encoder3", "encoder4"] as const;
/** Shares of positions and of channels that are muted (RSC bf6d280). */
const share = { spatial: 1 / 3, channel: 1 / 3.2 };
/** What a change has to go beyond. */
const slack = 1e-4;

const constant = <Tensor extends tf.Tensor>(x: Tensor): Tensor => withoutGradient(() => tf.clone(x));

/** What was muted, of which images, and how much their true class's probability fell by it. */
export interface Challenge {
  /** `[batch, height, width, channel]`, 0 where it is muted. */
  readonly mask: tf.Tensor4D;
  readonly chosen: tf.Tensor1D;
  readonly change: tf.Tensor1D;
}

/** 1 for the `count` largest numbers of a row, which are strictly above the next. @param rows `[row, n]` */
function largest(rows: tf.Tensor2D, count: number | tf.Tensor): tf.Tensor2D {
  const atLeast = tf.greaterEqual(tf.expandDims(rows, 1), tf.expandDims(rows, 2));
  return tf.cast(tf.lessEqual(tf.sum(tf.cast(atLeast, "float32"), 2), count), "float32") as tf.Tensor2D;
}

/** @param f the bottleneck's output @param gradient of the true class's logits with respect to it */
function muted(f: tf.Tensor4D, gradient: tf.Tensor4D, spatial: tf.Tensor): tf.Tensor4D {
  const [batch, height, width, channels] = f.shape;
  const weights = tf.mean(gradient, [1, 2], true);
  const positions = tf.reshape<tf.Rank.R2>(tf.sum(tf.mul(f, weights), 3), [batch, height * width]);
  const places = largest(positions, Math.ceil(height * width * share.spatial));
  const maps = largest(tf.reshape<tf.Rank.R2>(weights, [batch, channels]), Math.ceil(channels * share.channel));
  const across = tf.mul(tf.reshape(places, [batch, height, width, 1]), spatial);
  const deep = tf.mul(tf.reshape(maps, [batch, 1, 1, channels]), tf.sub(1, spatial));
  return tf.add(across, deep);
}

type Seen = Pick<LabelledSight, "images" | "truth" | "forward">;

/** Runs the decoder with its running statistics three times: for the gradient, and for the truth's probability before and after. */
function challengeOf(
  { images, truth, forward }: Seen,
  f: tf.Tensor4D,
  skips: ReadonlyMap<string, tf.Tensor4D>,
  { spatial, share: portion }: Inputs,
): Challenge {
  const kept = Object.fromEntries(Array.from(skips, ([block, skip]) => [block, () => skip]));
  // The encoder runs along; what it gives is replaced.
  const decode = (x: tf.Tensor4D) =>
    forward(images, { statistics: "running", hooks: { ...kept, bottleneck: () => x } }).logits;
  const likely = (x: tf.Tensor4D) => tf.mean(tf.sum(tf.mul(probabilities(decode(x)), truth), 3), [1, 2]);
  const before = likely(f); // first, since parameters that a pass is the first to ask for live as long as what it runs in
  const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(decode(x as tf.Tensor4D), truth)))(f) as tf.Tensor4D;
  const away = muted(f, gradient, spatial);
  const fall = tf.sub(tf.sub(before, likely(tf.mul(f, tf.sub(1, away)))), slack);
  const change = tf.maximum(fall, 0) as tf.Tensor1D;
  const batch = f.shape[0];
  const count = tf.minimum(tf.round(tf.mul(portion, batch)), batch - 1);
  const chosen = tf.reshape<tf.Rank.R1>(largest(tf.reshape<tf.Rank.R2>(change, [1, batch]), count), [batch]);
  const mask = tf.sub(1, tf.mul(away, tf.reshape(chosen, [batch, 1, 1, 1]))) as tf.Tensor4D;
  return { mask, chosen, change };
}

/** A pass in which the bottleneck is challenged. The mask is a constant of the gradient. */
export function challengedPass(sight: Seen, inputs: Inputs): Challenge & { readonly logits: tf.Tensor4D } {
  const skips = new Map<string, tf.Tensor4D>();
  const keeping = encoders.map((block) => [
    block,
    (x: tf.Tensor4D) => {
      skips.set(block, constant(x));
      return x;
    },
  ]);
  let challenge: Challenge | undefined;
  const bottleneck = (f: tf.Tensor4D) => {
    challenge = challengeOf(sight, constant(f), skips, inputs);
    return tf.mul(f, constant(challenge.mask));
  };
  const { logits } = sight.forward(sight.images, { hooks: { ...Object.fromEntries(keeping), bottleneck } });
  if (!challenge) throw new RangeError("a pass met no bottleneck");
  return { logits, ...challenge };
}

/** Soft Dice of the challenged pass. @param portion of the images that may be muted in; a draw says whether positions or channels are */
export const challengedDice = (portion: number): Loss => named(challenged, { numbers: { share: portion } });

const challenged = (sight: LabelledSight, inputs: Inputs): { total: tf.Scalar } => ({
  total: softDiceLoss(challengedPass(sight, inputs).logits, sight.truth),
});

/** For each batch, positions or channels. */
export const drawCoin: Draws = (random) => ({ spatial: tf.scalar(random.integer(2)) });
