import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../lib/core/random";
import { ratioOf, valueOf } from "../../lib/records/release/ratio";

test("every Dice of two masks is a ratio, and comes back to the bit", () => {
  const random = createRandom("ratios");
  let found = 0;
  for (let draw = 0; draw < 20_000; draw++) {
    const sum = 2 + Math.floor(random.uniform() * 10 ** (1 + (draw % 7)));
    const value = (2 * Math.floor((random.uniform() * sum) / 2)) / sum;
    const text = ratioOf(value);
    if (text === undefined) continue;
    found++;
    assert.equal(valueOf(text), value);
    assert.ok(text.length < String(value).length);
  }
  assert.ok(found > 15_000, String(found));
});

test("what is no ratio of counts stays a number", () => {
  for (const value of [0, 1, 0.5, -0.25, Math.PI, Math.SQRT1_2, 1e-300, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(ratioOf(value), undefined, String(value));
  assert.equal(ratioOf(1 / 3), "1/3");
  const random = createRandom("no ratios");
  for (let draw = 0; draw < 5_000; draw++) {
    const value = random.uniform();
    const text = ratioOf(value);
    if (text !== undefined) assert.equal(valueOf(text), value);
  }
});

test("another text is refused", () => {
  for (const text of ["", "1", "1/0", "1/-2", "0x1/2", "1e3/2", "1/2/3", " 1/2", "12345678901234567/2"])
    assert.throws(() => valueOf(text), TypeError, text);
});
