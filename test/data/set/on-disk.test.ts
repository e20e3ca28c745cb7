import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gather } from "../../../lib/data/set/batches";
import type { ImageSet } from "../../../lib/data/set/image-set";
import { loadSites } from "../../../lib/data/set/load";
import { allSlices, hashSites } from "../../../lib/data/set/site-data";
import { joinSets } from "../../../lib/data/set/slice-sets";
import type { SiteData, SliceSet } from "../../../lib/data/set/types";
import { allValues } from "../../../lib/data/set/values";
import { writeProstatePhantom } from "../../../lib/data/phantom/prostate/phantom";
import { prostateSet } from "../../../lib/data/sets/prostate/set";
import { imageSetOf } from "../../../lib/data/task/image-set";
import { taskSchema } from "../../../lib/data/task/task";
import { scoreCases } from "../../../lib/federation/evaluate/evaluation";
import { madeSites, writeMadeSet } from "../own/made-set";
import { withFolder } from "../support/temporary";

const own = imageSetOf(
  taskSchema.parse({
    ...{ id: "made", title: "Made", sites: madeSites.map(({ name }) => name), modality: "volume", inChannels: 3 },
    classes: [{ name: "background" }, { name: "wall" }, { name: "cavity" }],
    layout: { kind: "folders" },
  }),
);
const isOnDisk = ({ planes, masks }: SliceSet) => !ArrayBuffer.isView(planes) && !ArrayBuffer.isView(masks);
const partsOf = (sites: readonly SiteData[]) => sites.flatMap(({ parts }) => Object.values(parts));

/** What training, evaluation and the hash of the data read of a set. */
function seenOf(set: SliceSet): unknown {
  const { count, height, width, masks, cases, stack } = set;
  const order = Array.from({ length: count }, (_, i) => (7 * i + 3) % count);
  const { images, masks: labels } = gather(set, order);
  return {
    images,
    labels,
    stack,
    cases,
    all: allValues(masks),
    scores: scoreCases(new Uint8Array(count * height * width), set),
  };
}

function assertSame(set: ImageSet, folder: string, sites: readonly string[], reading: "intended" | "published"): void {
  const cache = { folder: join(folder, "cache"), code: "1" };
  const load = (memory?: number) => loadSites(set, folder, sites, { side: 32, reading, seed: 1, cache, memory });
  const [inMemory, made, read] = [load(), load(0), load(0)];
  for (const onDisk of [made, read]) {
    assert.ok(partsOf(onDisk).every(isOnDisk) && !partsOf(inMemory).some(isOnDisk));
    assert.equal(hashSites(onDisk), hashSites(inMemory));
    partsOf(onDisk).forEach((part, place) => assert.deepEqual(seenOf(part), seenOf(partsOf(inMemory)[place])));
    onDisk.forEach((site, place) => assert.deepEqual(seenOf(allSlices(site)), seenOf(allSlices(inMemory[place]))));
    const pool = (all: readonly SiteData[]) => joinSets("pool", all.map(({ parts }) => parts.train)); // prettier-ignore
    assert.ok(isOnDisk(pool(onDisk)), "a pool of what lies on the disk is not copied into memory");
    assert.deepEqual(seenOf(pool(onDisk)), seenOf(pool(inMemory)));
  }
}

test("slices that are read from the disk are those in memory to the bit: whole numbers and others, both readings", () => {
  withFolder((folder) => {
    writeMadeSet(folder, 4);
    assertSame(own, folder, own.sites, "intended");
  });
  withFolder((folder) => {
    writeProstatePhantom(folder, { side: 48, slices: 9, casesPerSite: 4, seed: 3 });
    for (const reading of ["intended", "published"] as const) assertSame(prostateSet, folder, ["HK", "UCL"], reading);
  });
});

test("all lies in memory up to the budget, and on the disk beyond it", () => {
  withFolder((folder) => {
    writeMadeSet(folder, 3);
    const cache = { folder: join(folder, "cache"), code: "1" };
    const load = (memory: number) =>
      partsOf(loadSites(own, folder, own.sites, { side: 16, reading: "intended", seed: 1, cache, memory }));
    // Five slices of three cases, four of three and six of three, each with 4 bytes a pixel and 1 of its mask.
    const need = 45 * 16 * 16 * 5;
    assert.ok(!load(need).some(isOnDisk));
    assert.ok(load(need - 1).every(isOnDisk));
  });
});

test("a prepared file that is gone while it is needed is named", () => {
  withFolder((folder) => {
    writeMadeSet(folder, 3);
    const cache = { folder: join(folder, "cache"), code: "1" };
    const [site] = loadSites(own, folder, own.sites, { side: 16, reading: "intended", seed: 1, cache, memory: 0 });
    for (const name of readdirSync(cache.folder)) rmSync(join(cache.folder, name));
    assert.throws(() => gather(site.parts.train, [0]), /cannot read the prepared case Alpenklinik\/scan-\d \(ENOENT\)/);
  });
});
