import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { distance, hashState, lerp, type State, valuesOf } from "../../../lib/core/state";
import { where } from "../../../lib/core/where";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { uploadAll } from "../../../lib/nets/model/parameters";
import { createPredictor } from "../../../lib/nets/run/predictor";
import type { LabelledSight } from "../../../lib/nets/run/recipe";
import { openSlot, type SlotConfig } from "../../../lib/nets/run/slot";
import { softDice } from "../../../lib/nets/run/soft-dice";
import { unet } from "../../../lib/nets/model/unet";
import { pull } from "../../../lib/methods/parts/directions";
import { assertClose, leavingNoTensors, leavingNoTensorsAsync, onEveryEngine, pattern } from "../../engine/engines";

const shape = { inChannels: 2, classes: 2, features: 2 };
const start = initialiseUNet(shape, createRandom(3));
const rate = 0.05;

onEveryEngine("training", ["tensorflow", "wasm"], () => {
  /** Trains on two fixed batches in turn. */
  const train = (
    config: Partial<SlotConfig<LabelledSight>>,
    steps: number,
  ): Promise<{ state: State; losses: number[] }> =>
    leavingNoTensorsAsync(async () => {
      const images = [4, 5].map((seed) => tf.tensor4d(pattern(3 * 16 * 32 * 2, seed), [3, 16, 32, 2]));
      const masks = images.map((image) =>
        tf.tidy(() => tf.cast(tf.greater(tf.sum(image, 3), 0), "int32") as tf.Tensor3D),
      );
      const slot = openSlot({
        model: unet(shape),
        start: config.start ?? start,
        recipe: { loss: softDice, ...config.recipe },
        optimiser: config.optimiser ?? { kind: "adam-amsgrad", learningRate: 1e-2 },
      });
      const losses: number[] = [];
      let held = 0;
      for (let step = 0; step < steps; step++) {
        const [{ total }] = await slot.step({ batch: { images: images[step % 2], masks: masks[step % 2] } });
        losses.push(total);
        if (step === 1) held = tf.memory().numTensors;
        if (step > 1) assert.strictEqual(tf.memory().numTensors, held, "a step leaves tensors behind");
      }
      const state = await slot.state();
      slot.dispose();
      tf.dispose([...images, ...masks]);
      return { state, losses };
    });

  test("the loss falls", async () => {
    const { losses } = await train({}, 20);
    assert.ok(losses[18] < 0.8 * losses[0], `from ${losses[0]} to ${losses[18]}`);
  });

  test("two runs give the same bytes, and the start is left alone", async () => {
    const before = hashState(start);
    assert.strictEqual(hashState((await train({}, 5)).state), hashState((await train({}, 5)).state));
    assert.strictEqual(hashState(start), before);
  });

  test("the proximal term moves a step by rate * strength * (w - to)", async () => {
    const optimiser = { kind: "sgd", learningRate: rate } as const;
    const to = initialiseUNet(shape, createRandom(4));
    const plain = (await train({ optimiser }, 1)).state;
    const pulled = (await train({ optimiser, recipe: { direction: pull(to, 0.5) } }, 1)).state;
    for (const entry of start.layout) {
      const { name } = entry;
      const want = where.trained(entry)
        ? valuesOf(plain, name).map((w, i) => w - rate * 0.5 * (valuesOf(start, name)[i] - valuesOf(to, name)[i]))
        : valuesOf(plain, name);
      assertClose(valuesOf(pulled, name), want, 1e-5, name);
    }
  });

  test("entries that are not trained stay, running statistics follow all the same", async () => {
    const { state } = await train({ recipe: { trains: where.head } }, 2);
    for (const entry of start.layout) {
      const { name } = entry;
      const moved = valuesOf(state, name).some((value, i) => value !== valuesOf(start, name)[i]);
      assert.strictEqual(moved, !where.trained(entry) || name.startsWith("conv."), name);
    }
  });

  test("counters lose their fraction and count the steps", async () => {
    const averaged = { layout: start.layout, values: start.values.slice() };
    for (const entry of averaged.layout) if (where.counter(entry)) averaged.values[entry.offset] = 6.9;
    const { state } = await train({ start: averaged }, 3);
    assert.deepStrictEqual(Array.from(valuesOf(state, "encoder1.enc1_bn1.num_batches_tracked")), [9]);
  });

  test("the folded predictor equals the network with running statistics", async () => {
    const { state } = await train({}, 6);
    assert.ok(distance(lerp(state, start, 0), state) > 0);
    leavingNoTensors(() =>
      tf.tidy(() => {
        const images = tf.tensor4d(pattern(2 * 16 * 16 * 2, 8), [2, 16, 16, 2]);
        const predictor = createPredictor(shape, state);
        const got = predictor.predict(images).dataSync();
        assertClose(
          got,
          unet(shape).apply(uploadAll(state), images, { statistics: "running" }, []).logits.dataSync(),
          1e-5,
        );
        predictor.dispose();
      }),
    );
  });

  test("images that do not fit are refused with a mend", async () => {
    const predictor = createPredictor(shape, start);
    assert.throws(() => tf.tidy(() => predictor.predict(tf.zeros([1, 40, 16, 2]))), /40x16.*divisible by 16/);
    assert.throws(() => tf.tidy(() => predictor.predict(tf.zeros([1, 16, 16, 3]))), /3 channels/);
    predictor.dispose();
  });
});
