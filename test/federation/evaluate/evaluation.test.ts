import assert from "node:assert/strict";
import { test } from "node:test";
import type { SliceSet } from "../../../lib/data/set/types";
import { allValues } from "../../../lib/data/set/values";
import { scoreCases } from "../../../lib/federation/evaluate/evaluation";
import { recordSchema } from "../../../lib/records/schema";

/** Two eyes of 4 x 4 pixels: in each a disc of 2 x 4, its left half cup. */
const truth = [0, 0, 0, 0, 2, 2, 1, 1, 2, 2, 1, 1, 0, 0, 0, 0];
const eyes: SliceSet = {
  site: "Domain1",
  count: 2,
  height: 4,
  width: 4,
  channels: 3,
  planes: new Float32Array(6 * 16),
  stack: Int32Array.from({ length: 6 }, (_, i) => i),
  masks: Uint8Array.from([...truth, ...truth]),
  structures: [
    { id: "disc", classes: [1, 2] },
    { id: "cup", classes: [2] },
  ],
  cases: ["a", "b"].map((id, first) => ({ id, first, count: 1, spacing: [1, 2, 2] as const })),
};

test("disc and cup are scored each by itself, and together by their mean", () => {
  // The first prediction calls everything in the disc cup, the second finds only a rim.
  const predicted = [...truth.map((value) => (value > 0 ? 2 : 0)), ...truth.map((value) => (value > 0 ? 1 : 0))];
  const [a, b] = scoreCases(Uint8Array.from(predicted), eyes);
  assert.deepEqual([a.structures?.disc.dice, a.structures?.cup.dice, a.dice], [1, 2 / 3, (1 + 2 / 3) / 2]);
  assert.equal(a.structures?.disc.hd95, 0);
  // The cup reaches two columns too far: 2 and 4 pixels of the unit of the spacing, seen from the prediction.
  assert.ok((a.structures?.cup.hd95 ?? 0) > 2 && (a.structures?.cup.hd95 ?? 9) <= 4);
  assert.equal(a.hd95, (a.structures?.cup.hd95 ?? 0) / 2);
  assert.deepEqual([b.structures?.disc.dice, b.structures?.cup.dice, b.dice], [1, 0, 0.5]);
  assert.deepEqual(
    [b.structures?.cup.undefinedBecause, b.hd95, b.assd, b.undefinedBecause],
    ["empty prediction", null, null, "empty prediction"],
  );
  const scores = [{ site: "Domain1", part: "test", model: "personal", cases: [a, b] }];
  const common = {
    schema: 2,
    id: "x",
    question: "q",
    numerics: { engine: "cpu", arithmetic: "a", code: "c", data: "d" },
    experiment: "e",
    profile: "p",
    task: "t",
    method: "m",
    params: {},
    seed: 0,
    config: {},
  };
  assert.doesNotThrow(() =>
    recordSchema.parse({
      kind: "federation",
      ...common,
      sites: ["Domain1"],
      selection: "last round",
      rounds: [],
      scores,
      models: {},
    }),
  );
});

test("a set without structures is scored as one foreground, and its scores have no other fields", () => {
  const masks = allValues(eyes.masks).map((value) => Math.min(value, 1));
  const [a] = scoreCases(masks, { ...eyes, masks, structures: undefined }, false);
  assert.deepEqual(Object.keys(a).sort(), ["assd", "dice", "hd95", "id", "officialDice", "slices", "undefinedBecause"]);
  assert.equal(a.dice, 1);
});
