import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../lib/core/random";
import { gather } from "../../lib/data/batches";
import { imageSetNames, type ImageSetName } from "../../lib/data/image-set-names";
import { imageSets } from "../../lib/data/image-sets";
import type { SplitMode } from "../../lib/data/splits";
import type { SliceSet } from "../../lib/data/types";
import { localBatches } from "../../lib/federation/local-training";

/** Enough cases in one site that every mode splits it: HK whole, so that its official split exists. */
const folder = mkdtempSync(join(tmpdir(), "iopfl-leakage-"));
const sites: Readonly<Record<ImageSetName, string>> = { prostate: "HK", fundus: "Domain2" };
before(() => {
  for (const name of imageSetNames) imageSets[name].writePhantom(join(folder, name), { seed: 5, side: 16, casesPerSite: 12, slices: 6 });
});
after(() => rmSync(folder, { recursive: true }));

/** Every plane that a slice's input holds, by its content: one that occurs in two parts has leaked, stacked in whatever way. */
function planesSeen(set: SliceSet, slices: Iterable<number>): Set<string> {
  const seen = new Set<string>();
  for (const slice of slices) {
    const { images } = gather(set, [slice]);
    for (let channel = 0; channel < set.channels; channel++)
      seen.add(createHash("sha256").update(images.filter((_, i) => i % set.channels === channel)).digest("hex"));
  }
  return seen;
}

const modes = fc.oneof(
  fc.constantFrom<SplitMode>("official", "seeded", "auto"),
  fc.integer({ min: 2, max: 6 }).chain((folds) => fc.nat(folds - 1).map((fold): SplitMode => ({ folds, fold }))),
);

test("no slice of a validation or test case, nor a neighbour of one, is in any training batch, in every mode of every set", () => {
  const anything = fc.record({ name: fc.constantFrom(...imageSetNames), split: modes, seed: fc.nat(), reading: fc.constantFrom("published" as const, "intended" as const) });
  fc.assert(
    fc.property(anything, ({ name, split, seed, reading }) => {
      const { parts } = imageSets[name].load(join(folder, name), sites[name], { side: 16, reading, split, seed });
      const optimiser = { kind: "sgd" as const, learningRate: 1 };
      const batches = localBatches(parts.train, { batch: 5, localEpochs: 2, optimiser }, createRandom(seed));
      const trained = planesSeen(parts.train, new Set(batches.flatMap((batch) => [...batch])));
      for (const part of ["validation", "test"] as const) {
        const held = parts[part];
        assert.ok(held.count > 0);
        for (const print of planesSeen(held, Array.from({ length: held.count }, (_, slice) => slice))) assert.ok(!trained.has(print), `a slice of ${part} is trained on`);
        for (const { id } of held.cases) assert.ok(!parts.train.cases.some((other) => other.id === id), `${id} is in ${part} and in training`);
      }
      assert.equal(trained.size, planesSeen(parts.train, Array.from({ length: parts.train.count }, (_, slice) => slice)).size, "training misses a slice");
    }),
    { numRuns: 40 },
  );
});

test("the test finds a leak: a case that is in two parts shares its planes", () => {
  const { parts } = imageSets.prostate.load(join(folder, "prostate"), "HK", { side: 16, reading: "intended", split: "seeded", seed: 1 });
  const all = (set: SliceSet) => Array.from({ length: set.count }, (_, slice) => slice);
  const [print] = planesSeen(parts.test, [parts.test.count - 1]);
  assert.ok(planesSeen(parts.test, all(parts.test)).has(print));
  assert.ok(!planesSeen(parts.train, all(parts.train)).has(print));
});
