import assert from "node:assert";
import { test } from "node:test";
import fc from "fast-check";
import { fitExponent, fitSlope } from "../../lib/bench/fit";

test("the exponent of a power law is found exactly, whatever its factor", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0.01, max: 1000, noNaN: true }),
      fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2 }),
      (power, factor, sizes) => {
        const fitted = fitExponent(
          sizes,
          sizes.map((size) => factor * size ** power),
        );
        assert.ok(Math.abs(fitted - power) < 1e-6, `${fitted} for ${power}`);
      },
    ),
  );
});

test("the slope is that of least squares", () => {
  // By hand: x - 1 = -1, 0, 1; y = 1, 0, 3; sum of products 2, of squares 2.
  assert.strictEqual(fitSlope([0, 1, 2], [1, 0, 3]), 1);
});

test("one size cannot be fitted", () => {
  assert.throws(() => fitExponent([2, 2], [1, 3]), /cannot fit 2 values over 1 sizes/);
});
