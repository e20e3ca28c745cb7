import assert from "node:assert/strict";
import { test } from "node:test";
import { certaintyOf, seeSlice } from "../../lib/hospital/certainty";
import { volumetricDice } from "../../lib/metrics/dice";

test("entropy is 1 where all classes are equally likely, 0 where one is certain, and between as Shannon has it", () => {
  for (const classes of [2, 3]) {
    const even = certaintyOf([seeSlice(new Float32Array(5 * classes).fill(7), classes)]);
    assert.ok(Math.abs(even.entropy - 1) < 1e-6, `${even.entropy}`);
    assert.equal(even.confidence, null);
  }
  const sure = certaintyOf([seeSlice(Float32Array.of(-300, 300, 300, -300), 2)]);
  assert.deepEqual(sure, { entropy: 0, confidence: 1 });
  // Logits log(3) and 0: probabilities 3/4 and 1/4.
  const [p, q] = [3 / 4, 1 / 4];
  const { entropy, confidence } = certaintyOf([seeSlice(Float32Array.of(0, Math.log(3)), 2)]);
  assert.ok(Math.abs(entropy + p * Math.log2(p) + q * Math.log2(q)) < 1e-6);
  assert.ok(Math.abs((confidence as number) - p) < 1e-6);
});

test("confidence is that of what is marked, over all slices, whatever the background", () => {
  const marked = seeSlice(Float32Array.of(0, Math.log(9), 50, 0), 2); // 0.9 marked, background sure
  const other = seeSlice(Float32Array.of(0, Math.log(3), 0.1, 0), 2); // 0.75 marked, background unsure
  assert.deepEqual([...marked.classes, ...other.classes], [1, 0, 1, 0]);
  assert.ok(Math.abs((certaintyOf([marked, other]).confidence as number) - (0.9 + 0.75) / 2) < 1e-6);
});

test("two masks agree by Dice of what they mark, whatever the class", () => {
  assert.equal(volumetricDice(Uint8Array.of(0, 1, 1, 0), Uint8Array.of(0, 2, 0, 0)), 2 / 3);
  assert.equal(volumetricDice(Uint8Array.of(1, 0), Uint8Array.of(0, 1)), 0);
  assert.equal(volumetricDice(new Uint8Array(3), new Uint8Array(3)), 1);
});
