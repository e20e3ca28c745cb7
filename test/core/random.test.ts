import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../lib/core/random";

test("the same seed gives the same numbers, pinned so that no machine or version of Node may differ", () => {
  const random = createRandom("pinned");
  const drawn = Array.from({ length: 3 }, () => random.uniform());
  assert.deepEqual(drawn, [0.0030834636670242777, 0.7719000655549776, 0.31393503561242564]);
  assert.deepEqual(
    [createRandom("pinned").normal(), ...createRandom(7).child("a").child(2).permutation(6)],
    [-0.5736085162309238, 3, 0, 4, 2, 5, 1],
  );
});

test("a child does not depend on what was drawn before it was made", () => {
  const fresh = createRandom(1).child("client").uniform();
  const used = createRandom(1);
  used.uniform();
  used.permutation(100);
  assert.equal(used.child("client").uniform(), fresh);
  assert.notEqual(createRandom(1).child("other").uniform(), fresh);
});

test("moments of uniform and normal numbers agree with theory within five standard errors", () => {
  const count = 100_000;
  const random = createRandom("moments");
  const uniform = Array.from({ length: count }, () => random.uniform());
  const normal = Array.from({ length: count }, () => random.normal());
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  assert.ok(Math.abs(mean(uniform) - 1 / 2) < 5 * Math.sqrt(1 / 12 / count));
  assert.ok(Math.abs(mean(uniform.map((value) => value ** 2)) - 1 / 3) < 5 * Math.sqrt((1 / 5 - 1 / 9) / count));
  assert.ok(Math.abs(mean(normal)) < 5 / Math.sqrt(count));
  assert.ok(Math.abs(mean(normal.map((value) => value ** 2)) - 1) < 5 * Math.sqrt(2 / count));
  assert.ok(Math.abs(mean(normal.map((value) => value ** 4)) - 3) < 5 * Math.sqrt(96 / count));
});

test("all orders of three things are equally likely", () => {
  const random = createRandom("orders");
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.permutation(3).join("");
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  const chiSquare = [...seen.values()].reduce((sum, times) => sum + (times - 1000) ** 2 / 1000, 0);
  assert.equal(seen.size, 6);
  assert.ok(chiSquare < 20.5, `chi-square ${chiSquare} is above the 0.999 quantile for 5 degrees of freedom`);
});
