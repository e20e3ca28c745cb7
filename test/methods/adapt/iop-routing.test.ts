import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { openAdapter } from "../../../lib/federation/evaluate/adaptation";
import type { Adaptation } from "../../../lib/methods/contract";
import { iopRouting } from "../../../lib/methods/adapt/iop-routing";
import { leavingNoTensorsAsync, onEveryEngine, pattern } from "../../engine/engines";

const shape = { inChannels: 1, classes: 2, features: 2 };
const bank = {
  shape,
  personal: ["a", "b"].map((seed) => initialiseUNet(shape, createRandom(seed))),
  global: initialiseUNet(shape, createRandom("global")),
};

onEveryEngine("test-time routing", ["tensorflow", "wasm"], () => {
  /** Adapts to the same batch again and again. */
  const adapt = (given: unknown, passes: number) =>
    leavingNoTensorsAsync(async () => {
      const adapter = openAdapter({
        method: iopRouting as Adaptation,
        bank,
        params: iopRouting.params.parse(given),
        epochs: 7,
        random: createRandom(1),
      });
      const images = tf.tensor4d(pattern(2 * 16 * 16, 3), [2, 16, 16, 1]);
      const logits: number[][] = [];
      for (let pass = 0; pass < passes; pass++) {
        const prediction = await adapter.predict(images);
        logits.push(Array.from(await prediction.data()));
        prediction.dispose();
      }
      const telemetry = adapter.telemetry();
      adapter.dispose();
      images.dispose();
      return { logits, telemetry, epochs: adapter.epochs };
    });

  for (const reading of ["published", "intended"] as const) {
    test(`${reading}: repeats itself to the last bit and lowers its objective`, async () => {
      const { logits, telemetry } = await adapt({ reading }, 8);
      assert.deepStrictEqual((await adapt({ reading }, 8)).logits, logits);
      const total = telemetry["loss/total"];
      assert.strictEqual(total.length, 8);
      assert.ok(total[7] < total[0], `from ${total[0]} to ${total[7]}`);
    });
  }

  test("the published reading leaves the last client out of ordinary convolutions only", async () => {
    const gates = async (reading: string) => {
      const { telemetry } = await adapt({ reading }, 1);
      return [telemetry["gate/encoder1.enc1_conv1"].length, telemetry["gate/upconv1"].length];
    };
    assert.deepStrictEqual(await gates("published"), [2, 3]);
    assert.deepStrictEqual(await gates("intended"), [3, 3]);
  });

  test("a quirk can be switched alone, and gates can be of other kinds", async () => {
    const { telemetry } = await adapt({ reading: "published", ordinaryExperts: "all", gate: "softmax" }, 1);
    const sum = telemetry["gate/encoder1.enc1_conv1"].reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5, `softmax gates sum to ${sum}`);
    assert.strictEqual(telemetry["gate/encoder1.enc1_conv1"].length, 3);
    assert.deepStrictEqual(
      (await adapt({ gate: "uniform" }, 1)).telemetry["gate/upconv1"].map((gate) => gate.toFixed(4)),
      ["0.3333", "0.3333", "0.3333"],
    );
  });

  test("the published draw is the same in every step, the intended one is not", async () => {
    // With a learning rate of next to nothing the noise is all that can change the consistency term.
    const consistency = async (reading: string) =>
      (await adapt({ reading, learningRate: 1e-12 }, 2)).telemetry["loss/consistency"];
    const [first, second] = await consistency("published");
    assert.strictEqual(first, second);
    const [one, other] = await consistency("intended");
    assert.notStrictEqual(one, other);
  });

  test("the number of passes is the experiment's unless the method says otherwise", async () => {
    assert.strictEqual((await adapt({}, 1)).epochs, 7);
    assert.strictEqual((await adapt({ epochs: 2 }, 1)).epochs, 2);
    assert.throws(() => iopRouting.params.parse({ dropuot: 0.1 }));
  });
});
