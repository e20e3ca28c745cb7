import assert from "node:assert";
import { test } from "node:test";
import { channelsFirst, channelsLast, fromTorch, torchShape, toTorch } from "../../../lib/nets/torch/torch-layout";

test("a kernel's axes lie as PyTorch says", () => {
  // [kh 1, kw 2, in 3, out 2] from [out 2, in 3, kh 1, kw 2]: entry (o, i, 0, w) counts 100 o + 10 i + w.
  const torch = [0, 1].flatMap((o) => [0, 1, 2].flatMap((i) => [0, 1].map((w) => 100 * o + 10 * i + w)));
  const entry = { shape: [1, 2, 3, 2] };
  const here = fromTorch(torch, entry);
  assert.deepStrictEqual(Array.from(here), [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121]);
  assert.deepStrictEqual(Array.from(toTorch(here, entry)), torch);
  assert.deepStrictEqual(torchShape(entry), [2, 3, 1, 2]);
  assert.deepStrictEqual(Array.from(fromTorch([1, 2, 3], { shape: [3] })), [1, 2, 3]);
});

test("an image's channels go last and back", () => {
  const first = [1, 2, 3, 4, 10, 20, 30, 40];
  const last = channelsLast(first, [1, 2, 2, 2]);
  assert.deepStrictEqual(Array.from(last), [1, 10, 2, 20, 3, 30, 4, 40]);
  assert.deepStrictEqual(Array.from(channelsFirst(last, [1, 2, 2, 2])), first);
});
