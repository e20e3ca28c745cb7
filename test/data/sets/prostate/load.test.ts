import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gather } from "../../../../lib/data/set/batches";
import { findCases, loadSite } from "../../../../lib/data/set/load";
import { allSlices } from "../../../../lib/data/set/site-data";
import { readProstateCase } from "../../../../lib/data/sets/prostate/cases";
import { prostateSet } from "../../../../lib/data/sets/prostate/set";
import { writeProstatePhantom } from "../../../../lib/data/phantom/prostate/phantom";
import { labelledSlices } from "../../../../lib/data/set/stacking";
import type { SliceSet } from "../../../../lib/data/set/types";
import { allValues } from "../../../../lib/data/set/values";
import { withFolder } from "../../support/temporary";

const prints = (set: SliceSet) =>
  Array.from({ length: set.count }, (_, i) =>
    createHash("sha256")
      .update(gather(set, [i]).images)
      .digest("hex"),
  );

test("slices reach the parts whole, in order, and never twice", () => {
  withFolder((folder) => {
    writeProstatePhantom(folder, { seed: 2, side: 32, casesPerSite: 4, slices: 6 });
    for (const reading of ["intended", "published"] as const) {
      const data = loadSite(prostateSet, folder, "HK", { side: 16, reading, seed: 1 });
      const sets = [data.parts.train, data.parts.validation, data.parts.test];
      assert.deepEqual(
        sets.map((set) => set.cases.length),
        [2, 1, 1],
      );
      const all = sets.flatMap(prints);
      // The published last slice has the same three channels as the one before it, under another label: one repetition for each case.
      assert.equal(new Set(all).size, all.length - (reading === "published" ? 4 : 0), "a slice is in two places");
      sets.forEach((set, i) =>
        sets
          .slice(i + 1)
          .forEach((other) =>
            assert.ok(!prints(set).some((print) => prints(other).includes(print)), "a slice is in two parts"),
          ),
      );
      for (const { cases, count, masks } of sets) {
        assert.equal(
          cases.reduce((next, span) => (assert.equal(span.first, next), next + span.count), 0),
          count,
        );
        assert.deepEqual([...new Set(allValues(masks))].sort(), [0, 1]);
      }
      const whole = allSlices(data);
      assert.deepEqual(prints(whole), all);
      assert.deepEqual(whole.cases.map(({ id }) => id).sort(), ["Case38", "Case39", "Case40", "Case41"]);

      // Against the files: the middle channel of the first part's second slice is the volume's own slice.
      const { source, cases } = findCases(prostateSet, folder);
      const span = data.parts.train.cases[0];
      const { image, mask } = cases.find(({ site, id }) => site === "HK" && id === span.id) ?? assert.fail();
      const read = readProstateCase("HK", span.id, { image: source.read(image), mask: source.read(mask) }, 16);
      const slice = labelledSlices(read.mask, read.image.shape)[1];
      const mean = read.image.voxels.reduce((sum, value) => sum + value, 0) / read.image.voxels.length;
      const deviation = Math.sqrt(
        read.image.voxels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / read.image.voxels.length,
      );
      for (let i = 0; i < 256; i++) {
        const raw = read.image.voxels[slice * 256 + i];
        const want = reading === "intended" ? (raw - mean) / deviation : raw;
        assert.ok(Math.abs(gather(data.parts.train, [1]).images[3 * i + 1] - want) < 1e-4);
      }
      assert.deepEqual(span.spacing, read.image.spacing);
    }
    assert.deepEqual(
      loadSite(prostateSet, folder, "HK", { side: 16, reading: "intended", seed: 1 }),
      loadSite(prostateSet, folder, "HK", { side: 16, reading: "intended", seed: 1 }),
    );
    assert.throws(
      () => loadSite(prostateSet, folder, "Hongkong", { side: 16, reading: "intended", seed: 1 }),
      /unknown site "Hongkong"/,
    );
  });
});
