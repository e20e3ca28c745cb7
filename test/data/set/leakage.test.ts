import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../../lib/core/random";
import { gather } from "../../../lib/data/set/batches";
import { imageSetNames, type ImageSetName } from "../../../lib/data/sets/image-set-names";
import { phantoms } from "../../../lib/data/phantom/phantoms";
import { loadSite } from "../../../lib/data/set/load";
import { imageSets } from "../../../lib/data/sets/image-sets";
import type { SplitMode } from "../../../lib/data/set/splits";
import type { SliceSet } from "../../../lib/data/set/types";
import { allValues } from "../../../lib/data/set/values";
import { shuffledBatches } from "../../../lib/federation/client/batches";

/** Enough cases in one site that every mode splits it: HK whole, so that its official split exists. */
const folder = mkdtempSync(join(tmpdir(), "iopfl-leakage-"));
const sites: Readonly<Record<ImageSetName, string>> = { prostate: "HK", fundus: "Domain2" };
before(() => {
  for (const name of imageSetNames)
    phantoms[name](join(folder, name), { seed: 5, side: 16, casesPerSite: 12, slices: 6 });
});
after(() => rmSync(folder, { recursive: true }));

/** What is done to a slice to train on more: turned or mirrored, brighter or dimmer. */
const augmentations = ["turned", "mirrored", "brighter"] as const;
function augmented(plane: Float32Array, side: number, how: (typeof augmentations)[number]): Float32Array {
  if (how === "brighter") return plane.map((value) => 1.5 * value + 2);
  return plane.map(
    (_, i) =>
      plane[
        how === "turned"
          ? (i % side) * side + side - 1 - Math.floor(i / side)
          : Math.floor(i / side) * side + side - 1 - (i % side)
      ],
  );
}

/** The same for all augmented copies of a plane: its values in their order, from 0 to 1. */
function print(plane: Float32Array): Float64Array {
  const sorted = Float64Array.from(plane).sort();
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  return sorted.map((value) => (value - low) / (high - low));
}

/** Rounding of an augmentation moves no value further than this. */
const same = (a: Float64Array, b: Float64Array) => a.every((value, i) => Math.abs(value - b[i]) < 1e-5);

/** Every plane that a slice's input holds, once, by its print: one that occurs in two parts has leaked, stacked or augmented in whatever way. */
function planesSeen(set: SliceSet, slices: Iterable<number>): Float64Array[] {
  const seen: Float64Array[] = [];
  for (const slice of slices) {
    const { images } = gather(set, [slice]);
    for (let channel = 0; channel < set.channels; channel++) {
      const plane = print(images.filter((_, i) => i % set.channels === channel));
      if (!seen.some((known) => same(known, plane))) seen.push(plane);
    }
  }
  return seen;
}

const modes = fc.oneof(
  fc.constantFrom<SplitMode>("official", "seeded", "auto"),
  fc.integer({ min: 2, max: 6 }).chain((folds) => fc.nat(folds - 1).map((fold): SplitMode => ({ folds, fold }))),
  fc
    .tuple(...[5, 2, 2].map((max) => fc.integer({ min: 1, max })))
    .map(([train, validation, tested]): SplitMode => ({ ratio: [train, validation, tested] })),
);

test("no slice of a validation or test case, nor a neighbour or an augmented copy of one, is in any training batch, in every mode of every set", () => {
  const anything = fc.record({
    name: fc.constantFrom(...imageSetNames),
    split: modes,
    seed: fc.nat(),
    reading: fc.constantFrom("published" as const, "intended" as const),
  });
  fc.assert(
    fc.property(anything, ({ name, split, seed, reading }) => {
      const { parts } = loadSite(imageSets[name], join(folder, name), sites[name], { side: 16, reading, split, seed });
      const optimiser = { kind: "sgd" as const, learningRate: 1 };
      const batches = shuffledBatches({
        slices: parts.train,
        training: { batch: 5, localEpochs: 2, optimiser },
        random: createRandom(seed),
        client: 0,
        round: 1,
        finishing: false,
      });
      const trained = planesSeen(parts.train, new Set(batches.flatMap(({ batch }) => Array.from(batch))));
      for (const part of ["validation", "test"] as const) {
        const held = parts[part];
        assert.ok(held.count > 0);
        for (const seen of planesSeen(held, all(held)))
          assert.ok(!trained.some((plane) => same(plane, seen)), `a slice of ${part} is trained on`);
        for (const { id } of held.cases)
          assert.ok(!parts.train.cases.some((other) => other.id === id), `${id} is in ${part} and in training`);
        // Nothing that is done to training slices later on can reach the others through shared memory.
        const buffers = ({ planes, stack, masks }: SliceSet) =>
          [allValues(planes), stack, allValues(masks)].map(({ buffer }) => buffer);
        const own = buffers(parts.train);
        buffers(held).forEach((buffer, place) => assert.notEqual(buffer, own[place]));
      }
      assert.equal(trained.length, planesSeen(parts.train, all(parts.train)).length, "training misses a slice");
    }),
    { numRuns: 60 },
  );
});

const all = (set: SliceSet) => Array.from({ length: set.count }, (_, slice) => slice);

test("the test finds a leak: a plane of a test case, as it is or augmented, is known again, and told from all that are trained on", () => {
  const { parts } = loadSite(imageSets.prostate, join(folder, "prostate"), "HK", {
    side: 16,
    reading: "intended",
    split: "seeded",
    seed: 1,
  });
  const tested = planesSeen(parts.test, all(parts.test));
  const trained = planesSeen(parts.train, all(parts.train));
  for (let plane = 0; plane < parts.test.planes.length / 256; plane++) {
    const values = parts.test.planes.subarray(plane * 256, (plane + 1) * 256);
    for (const copy of [values, ...augmentations.map((how) => augmented(values, 16, how))]) {
      assert.ok(
        tested.some((seen) => same(seen, print(copy))),
        `plane ${plane}`,
      );
      assert.ok(!trained.some((seen) => same(seen, print(copy))), `plane ${plane}`);
    }
  }
  assert.equal(tested.length, parts.test.planes.length / 256, "planes of different slices have different prints");
});
