import assert from "node:assert";
import { test } from "node:test";
import { planCases } from "../../lib/bench/cases";
import { readBench } from "../../lib/bench/config";
import { readGrowth } from "../../lib/bench/growth-config";

const torch = { python: "python3", version: "none" };
const profiles = ["standard", "quick", "paper"] as const;

test("every profile is valid, and its cases have names of their own on every engine", () => {
  for (const profile of profiles) {
    for (const engine of ["tensorflow", "webgpu", "wasm"] as const) {
      const ids = planCases(readBench(profile), engine, { torch }).map(({ id }) => id);
      assert.strictEqual(new Set(ids).size, ids.length, `${profile} on ${engine}`);
      if (profile !== "paper" || engine !== "wasm") assert.ok(ids.length > 0);
    }
  }
});

test("the targets are those that were set", () => {
  const targets = planCases(readBench("standard"), "tensorflow", { torch }).flatMap(({ id, config: { target } }) =>
    target ? [[id, target.ratio, target.peakMegabytes]] : [],
  );
  const of = (start: string) => targets.filter(([id]) => (id as string).startsWith(start));
  assert.deepStrictEqual(of("training"), [
    ["training 8x64x64/8, 2 threads", 1.2, undefined],
    ["training 8x128x128/16, 2 threads", 1, undefined],
    ["training 4x384x384/32, 2 threads", 1, 3000],
  ]);
  assert.ok(of("inference").length === 3 && of("inference").every(([, ratio]) => ratio === 0.8));
  assert.ok(of("routing").length === 4 && of("routing").every(([, ratio]) => ratio === 0.33));
  assert.deepStrictEqual(of("round"), [["round of 6 clients, 80/24/32 slices 64x64/8", 0.4, undefined]]);
  const wasm = planCases(readBench("standard"), "wasm", { torch }).flatMap(({ id, config: { target } }) =>
    target ? [[id, target.ratio, target.milliseconds]] : [],
  );
  assert.deepStrictEqual(wasm, [["training 8x64x64/8, 1 thread", undefined, 497]]);
});

test("PyTorch is the reference where there is one, and WebAssembly has one thread", () => {
  const standard = readBench("standard");
  const withTorch = planCases(standard, "tensorflow", { torch }).filter(
    ({ config: { task } }) => task !== "report" && task !== "kernel",
  );
  for (const { id, sides } of withTorch) assert.strictEqual(sides.filter(({ reference }) => reference).length, 1, id);
  const without = planCases(standard, "wasm", { torch: undefined });
  assert.ok(
    without.every(
      ({ id, sides }) => !id.includes("2 threads") && sides.every(({ id: side }) => !side.startsWith("torch")),
    ),
  );
});

test("growth is measured over rounds, clients, slices, image side, experts and workers", () => {
  assert.deepStrictEqual(
    readGrowth()
      .series.map(({ over }) => over)
      .sort(),
    ["clients", "experts", "rounds", "side", "slices", "workers"],
  );
});
