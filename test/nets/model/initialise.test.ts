import assert from "node:assert";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { hashState, valuesOf } from "../../../lib/core/state";
import { initialiseUNet } from "../../../lib/nets/model/initialise";

const shape = { inChannels: 3, classes: 2, features: 8 };

test("weights and biases are uniform within PyTorch's bound", () => {
  const state = initialiseUNet(shape, createRandom(1));
  // fan in by hand: kh * kw * (channels in), for a transposed convolution kh * kw * (channels out).
  const bounds = {
    "encoder1.enc1_conv1.weight": 27,
    "bottleneck.bottleneck_conv2.weight": 9 * 128,
    "upconv4.weight": 4 * 64,
    "upconv4.bias": 4 * 64,
    "conv.bias": 8,
  };
  for (const [name, fanIn] of Object.entries(bounds)) {
    const values = valuesOf(state, name);
    const bound = 1 / Math.sqrt(fanIn);
    const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    assert.ok(largest <= bound, `${name}: ${largest} beyond ${bound}`);
    if (values.length < 1000) continue;
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    assert.ok(
      Math.abs(variance / (bound ** 2 / 3) - 1) < 0.1,
      `${name}: variance ${variance} is not that of a uniform distribution`,
    );
  }
});

test("normalisations start as the identity", () => {
  const state = initialiseUNet(shape, createRandom(1));
  for (const [part, want] of [
    ["weight", 1],
    ["bias", 0],
    ["running_mean", 0],
    ["running_var", 1],
    ["num_batches_tracked", 0],
  ] as const) {
    assert.ok(
      valuesOf(state, `decoder2.dec2_bn1.${part}`).every((value) => value === want),
      part,
    );
  }
});

test("a seed gives the same network, another seed another one", () => {
  const hash = (seed: number) => hashState(initialiseUNet(shape, createRandom(seed)));
  assert.strictEqual(hash(1), hash(1));
  assert.notStrictEqual(hash(1), hash(2));
});
