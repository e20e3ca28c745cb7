import * as tf from "@tensorflow/tfjs-core";
import { challengedPass } from "../../lib/methods/parts/challenge";
import { oneHotMasks } from "../../lib/nets/model/losses";
import { unet } from "../../lib/nets/model/unet";
import { named, type Inputs } from "../../lib/nets/run/named";
import type { Sight } from "../../lib/nets/run/recipe";
import { openSlot } from "../../lib/nets/run/slot";
import type { GoldenCase } from "./golden-case";
import { asStored, images, masks, partialState, shapeOf } from "./network";
import { checkStep } from "./outside-steps";
import { floats } from "./outside-stream";

/** RSC: which parts of the bottleneck are muted in which images, and the step that follows. */
export async function checkChallenges(golden: GoldenCase): Promise<void> {
  const { rsc, step } = golden.json.settings as {
    readonly rsc: { readonly share: number };
    readonly step: { readonly lr: number };
  };
  for (const kind of ["spatial", "channel"]) {
    const place = `rsc/${kind}`;
    const coin = () => ({ spatial: tf.scalar(kind === "spatial" ? 1 : 0) });
    await checkPass(golden, place, coin(), rsc.share);
    await checkStep(golden, { place, id: "rsc", params: { share: rsc.share, growth: 0 }, rate: step.lr, replay: coin });
  }
}

const challenge = named((sight: Sight, inputs: Inputs): tf.Tensor[] => {
  const { logits, mask, chosen, change } = challengedPass({ ...sight, truth: inputs.truth as tf.Tensor4D }, inputs);
  return [logits, mask, chosen, change];
});

async function checkPass(
  golden: GoldenCase,
  place: string,
  coin: { spatial: tf.Scalar },
  portion: number,
): Promise<void> {
  const shape = shapeOf(golden, "in/global/");
  const start = partialState(golden, "in/global/", shape);
  const slot = openSlot({ model: unet(shape), start, recipe: {}, optimiser: { kind: "sgd", learningRate: 0 } });
  const input = images(golden.tensor("in/train/input"));
  const truth = oneHotMasks(masks(golden.tensor("in/train/mask")), shape.classes);
  const share = tf.scalar(portion);
  const answers = slot.ask(challenge, input, { truth, share, ...coin });
  const [logits, mask, chosen, change] = answers;
  const compare = (part: string, got: ArrayLike<number>) =>
    golden.compare(`${place}/${part}`, got, floats(golden, `${place}/${part}`), `${place}/${part}`);
  compare("logits_train", await asStored(logits as tf.Tensor4D));
  compare("change", await change.data());
  const exact = (part: string, got: ArrayLike<number>) =>
    golden.compareWithin(`${place}/${part}`, got, Array.from(golden.tensor(`${place}/${part}`).data, Number), 0);
  golden.compareWithin(
    `${place}/mask`,
    await asStored(mask as tf.Tensor4D),
    spread(golden, `${place}/mask`, mask.shape),
    0,
  );
  exact("chosen", await chosen.data());
  slot.dispose();
  tf.dispose([input, truth, share, coin, ...answers]);
}

/** A stored mask `[batch, channel or 1, height or 1, width or 1]` over the whole of what it mutes. @param shape with channels last */
function spread(golden: GoldenCase, key: string, [batch, height, width, channels]: readonly number[]): Float32Array {
  const { data, shape } = golden.tensor(key);
  const sizes = [batch, channels, height, width];
  return Float32Array.from({ length: batch * channels * height * width }, (_, i) => {
    let [rest, place, step] = [i, 0, 1];
    for (let axis = 3; axis >= 0; axis--) {
      if (shape[axis] > 1) place += (rest % sizes[axis]) * step;
      step *= shape[axis];
      rest = Math.floor(rest / sizes[axis]);
    }
    return Number(data[place]);
  });
}
