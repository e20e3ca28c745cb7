import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { strToU8 } from "fflate";
import { WorkbenchError } from "../../../lib/core/errors";
import { importCases } from "../../../lib/data/import/import-cases";
import { importInParallel } from "../../../lib/data/import/workers";
import { writeProstatePhantom } from "../../../lib/data/phantom/prostate/phantom";
import type { Prepare } from "../../../lib/data/set/image-set";
import { loadSite } from "../../../lib/data/set/load";
import { hashSites } from "../../../lib/data/set/site-data";
import { openSource } from "../../../lib/data/set/source";
import { planProstate } from "../../../lib/data/sets/prostate/plan";
import { prepareProstate } from "../../../lib/data/sets/prostate/prepare";
import { prostateSet } from "../../../lib/data/sets/prostate/set";
import { withFolder } from "../support/temporary";

const side = 16;
/** Imports a small phantom into another folder. */
function importPhantom(folder: string, code = "1", onProgress?: () => void) {
  const source = openSource(join(folder, "in"));
  const cache = { folder: join(folder, "cache"), code };
  let prepared = 0;
  const prepare: Prepare = (...given) => (prepared++, prostateSet.prepare(...given));
  const result = importCases(planProstate(source.names).cases, source, {
    folder: join(folder, "out"),
    side,
    cache,
    set: { ...prostateSet, prepare },
    onProgress,
  });
  return { ...result, prepared, cache };
}

test("an import copies what it checked, goes on where it was stopped, and prepares what the experiments read", () => {
  withFolder((folder) => {
    writeProstatePhantom(join(folder, "in"), { seed: 1, side: 32, casesPerSite: 3, slices: 6 });
    let seen = 0;
    assert.throws(
      () =>
        importPhantom(folder, "1", () => {
          if (++seen === 5) throw new Error("stopped");
        }),
      /stopped/,
    );
    const written = () =>
      readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .length;
    assert.equal(written(), 10);
    const before = statSync(join(folder, "out", "BIDMC", "Case00.nii.gz")).mtimeMs;
    const { cases, faults, prepared, cache } = importPhantom(folder);
    assert.deepEqual([cases.length, faults, prepared, written()], [18, [], 13, 36]);
    assert.equal(statSync(join(folder, "out", "BIDMC", "Case00.nii.gz")).mtimeMs, before, "written again");
    assert.deepEqual(
      readFileSync(join(folder, "out", "UCL", "Case26.nii.gz")),
      readFileSync(join(folder, "in", "UCL", "Case26.nii.gz")),
    );

    const load = (cached: boolean, reading: "published" | "intended") =>
      loadSite(prostateSet, join(folder, "out"), "UCL", { side, reading, seed: 1, ...(cached ? { cache } : {}) });
    const files = readdirSync(cache.folder).length;
    for (const reading of ["published", "intended"] as const)
      assert.equal(hashSites([load(true, reading)]), hashSites([load(false, reading)]));
    assert.equal(readdirSync(cache.folder).length, files, "both readings come from what the import prepared");
    assert.equal(
      cases.filter(({ site }) => site === "UCL").reduce((sum, { slices }) => sum + slices, 0),
      ["train", "validation", "test"].reduce(
        (sum, part) => sum + load(true, "intended").parts[part as "train"].count,
        0,
      ),
    );
  });
});

test("several processes import what one imports", async () => {
  const folder = mkdtempSync(join(tmpdir(), "iopfl-parallel-"));
  try {
    writeProstatePhantom(join(folder, "in"), { seed: 1, side: 32, casesPerSite: 3, slices: 6 });
    writeFileSync(join(folder, "in", "UCL", "Case26.nii.gz"), "not a volume");
    const { cases, faults, notes } = importPhantom(folder);
    const from = join(folder, "in");
    const share = {
      set: "prostate" as const,
      from,
      cases: planProstate(openSource(from).names).cases,
      folder: join(folder, "out2"),
      side,
      cache: { folder: join(folder, "cache2"), code: "1" },
    };
    let done = 0;
    const parallel = await importInParallel(share, 2, () => done++);
    assert.deepEqual(
      [parallel.cases, parallel.faults, [...parallel.notes].sort(), done],
      [cases, faults, [...notes].sort(), 18],
    );
    const files = (name: string) => readdirSync(join(folder, name), { recursive: true }).sort();
    assert.deepEqual([files("out2"), files("cache2")], [files("out"), files("cache")]);
    await assert.rejects(
      importInParallel({ ...share, from: join(folder, "gone") }, 1),
      (error) => error instanceof WorkbenchError && /cannot read .*gone \(ENOENT\)/.test(error.message),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the cache is never stale: other bytes, another size or other code are prepared anew, and a damaged entry is made again", () => {
  withFolder((folder) => {
    writeProstatePhantom(join(folder, "in"), { seed: 1, side: 32, casesPerSite: 3, slices: 6 });
    assert.equal(importPhantom(folder).prepared, 18);
    assert.equal(importPhantom(folder).prepared, 0);
    assert.equal(importPhantom(folder, "2").prepared, 18, "other code");
    const [image, other] = ["Case38", "Case39"].map((id) => join(folder, "in", "HK", `${id}.nii.gz`));
    writeFileSync(image, readFileSync(other));
    assert.equal(importPhantom(folder).prepared, 1, "another image under the same name");
    for (const name of readdirSync(join(folder, "cache"))) writeFileSync(join(folder, "cache", name), "damaged");
    assert.equal(importPhantom(folder).prepared, 18);
  });
});

test("a case that cannot be used is left out and named, the others are imported", () => {
  withFolder((folder) => {
    writeProstatePhantom(join(folder, "in"), { seed: 1, side: 32, casesPerSite: 3, slices: 6 });
    writeFileSync(join(folder, "in", "HK", "Case38.nii.gz"), "not a volume");
    const { cases, faults } = importPhantom(folder);
    assert.equal(cases.length, 17);
    assert.match(faults.join("\n"), /^HK\/Case38 image: is a text file, not a NIfTI volume[^\n]*$/);
    assert.deepEqual(
      readdirSync(join(folder, "out", "HK")).filter((name) => name.startsWith("Case38")),
      [],
    );
    assert.throws(
      () => prepareProstate("HK", "Case38", { image: strToU8("x"), mask: strToU8("y") }, side),
      (error) => error instanceof WorkbenchError && /^HK\/Case38 image/.test(error.message),
    );
  });
});
