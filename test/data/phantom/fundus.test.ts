import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { domainGap } from "../../../lib/data/measure/domain-gap";
import { findCases, loadSite } from "../../../lib/data/set/load";
import { allSlices } from "../../../lib/data/set/site-data";
import { readFundusCase } from "../../../lib/data/sets/fundus/cases";
import { fundusSet } from "../../../lib/data/sets/fundus/set";
import { readPicture } from "../../../lib/data/sets/fundus/picture";
import { fundusSite, fundusSites, fundusSiteTable } from "../../../lib/data/sets/fundus/sites";
import { eyeSizes, measureFundusMasks } from "../../../lib/data/measure/fundus/masks";
import { fundusPhantomImage, writeFundusPhantom } from "../../../lib/data/phantom/fundus/phantom";
import { fundusPhantomConfig } from "../../../lib/data/phantom/fundus/config";
import { createEye } from "../../../lib/data/phantom/fundus/eye";
import { vesselDepth } from "../../../lib/data/phantom/fundus/vessels";
import { createRandom } from "../../../lib/core/random";
import type { SliceSet } from "../../../lib/data/set/types";
import { withFolder } from "../support/temporary";

const tiny = { seed: "test", side: 32, casesPerSite: 5 };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const near = (value: number, wanted: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(value - wanted) <= tolerance, `${what}: ${value}, wanted ${wanted} +- ${tolerance}`);

test("the phantom has the real set's files and mask values and the same pixels on every machine", () => {
  withFolder((folder) => {
    const progress: number[] = [];
    writeFundusPhantom(folder, tiny, (done, total) => progress.push(done / total));
    assert.deepEqual([progress.length, progress[19]], [20, 1]);
    const hash = createHash("sha256");
    const { source, cases } = findCases(fundusSet, folder);
    for (const site of fundusSiteTable().values()) {
      for (const part of ["train", "test"]) {
        const files = cases.filter((each) => each.site === site.name && each.part === part);
        assert.ok(files.length > 0, `${site.name} ${part}`);
        for (const { id, image, mask } of files) {
          assert.ok(
            site.prefixes.some((prefix) => id.startsWith(prefix)),
            id,
          );
          const [picture, labels] = [image, mask].map((path) => readPicture(source.read(path), id));
          assert.deepEqual([picture.width, picture.height], site.name === "Domain2" ? [64, 32] : [32, 32]);
          assert.deepEqual([...new Set(labels.data)].sort(), [0, 128, 255]);
          hash.update(picture.data).update(labels.data);
        }
      }
    }
    assert.equal(hash.digest("hex"), "ce7374e61fbffbb8d62d6bf318afa9a0d59a56f7538fd26eb4edc7298f0cc286");
    const sets = fundusSites.map((site) =>
      allSlices(loadSite(fundusSet, folder, site, { side: 32, reading: "intended", seed: 1 })),
    );
    domainGap(sets, "image").forEach((row, i) =>
      row.forEach((gap, j) =>
        assert.ok(i === j ? gap === 0 : gap > 0.02, `${fundusSites[i]} and ${fundusSites[j]} lie ${gap} apart`),
      ),
    );
  });
});

test("an eye depends on its number and the seed, not on what else is made", () => {
  const [site, options] = [fundusSite("Domain3"), { seed: 1, side: 32 }];
  const first = fundusPhantomImage(site, 7, options);
  fundusPhantomImage(site, 1, options);
  assert.deepEqual(fundusPhantomImage(site, 7, options), first);
  assert.notDeepEqual(fundusPhantomImage(site, 8, options).views, first.views);
  assert.notDeepEqual(fundusPhantomImage(site, 7, { ...options, seed: 2 }).views, first.views);
});

test("discs and cups measured from the masks have the sizes that were asked for", () => {
  const config = fundusPhantomConfig();
  const [side, camera] = [160, config.cameras.Domain3];
  const pixel = camera.cropMillimetres / side;
  const [normal, glaucoma] = [false, true].map((enlarged) => {
    const masks = new Uint8Array(40 * side * side);
    for (let i = 0; i < 40; i++) {
      const { discRadius, cupRadius } = createEye(enlarged, config, createRandom(`size/${i}`));
      for (let place = 0; place < side * side; place++) {
        const [x, y] = [((place % side) - side / 2 + 0.5) * pixel, (Math.floor(place / side) - side / 2 + 0.5) * pixel];
        masks[i * side * side + place] = discRadius(x, y) > 1 ? 0 : cupRadius(x, y) > 1 ? 1 : 2;
      }
    }
    const set = {
      site: "Domain3",
      count: 40,
      height: side,
      width: side,
      channels: 3,
      planes: new Float32Array(),
      stack: new Int32Array(),
      masks,
      cases: [],
    };
    const area = (masks.filter((value) => value > 0).length / 40) * pixel * pixel;
    return { area, sizes: eyeSizes(set) };
  });
  // Jonas et al. 1988: vertical diameter 1.92 mm, disc area 2.69 mm2.
  near(mean(normal.sizes.map(({ disc }) => disc)) * pixel, 1.92, 0.1, "vertical diameter of the disc, mm");
  near(normal.area, 2.69, 0.2, "area of the disc, mm2");
  near(mean(normal.sizes.map(({ verticalRatio }) => verticalRatio)), 0.4, 0.06, "vertical cup-to-disc ratio, normal");
  near(
    mean(glaucoma.sizes.map(({ verticalRatio }) => verticalRatio)),
    0.7,
    0.06,
    "vertical cup-to-disc ratio, glaucoma",
  );
});

test("heights and areas of a mask known by hand", () => {
  // Of 4 x 4 pixels three rows of disc, two of them with cup: 7 pixels of disc, 3 of cup.
  const masks = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 1, 2, 2, 0, 0, 2, 1, 0);
  const set = {
    site: "Domain1",
    count: 1,
    height: 4,
    width: 4,
    channels: 3,
    planes: new Float32Array(),
    stack: new Int32Array(),
    masks,
    cases: [],
  };
  assert.deepEqual(eyeSizes(set), [{ disc: 3, cup: 2, verticalRatio: 2 / 3, ratio: Math.sqrt(3 / 7) }]);
});

test("the cup lies in the disc in every eye, and large cups are as frequent as the site's table says", () => {
  for (const site of fundusSiteTable().values()) {
    const images = Array.from({ length: 30 }, (_, i) => fundusPhantomImage(site, i + 1, { seed: 3, side: 32 }));
    for (const { id, views } of images)
      assert.ok(
        [0, 1, 2].every((value) => views[0].classes.includes(value)),
        `${site.name} ${id}`,
      );
    const { glaucoma } = fundusPhantomConfig().cameras[site.name];
    if (site.prefixes.length < 2) continue;
    const share = images.filter(({ id }) => id.startsWith(site.prefixes[0])).length / images.length;
    near(
      share,
      glaucoma,
      3 * Math.sqrt((glaucoma * (1 - glaucoma)) / images.length),
      `${site.name}: share of glaucoma`,
    );
  }
});

test("blood takes away the light of Beer and Lambert, across the vessel's chord", () => {
  const [side, pixel, radius] = [41, 0.01, 0.1];
  const depth = vesselDepth([{ from: [-1, 0], to: [1, 0], radius }], side, pixel, [0, 0]);
  for (const rows of [0, 3, 7, 9])
    near(
      depth[(20 + rows) * side + 20],
      2 * Math.sqrt(radius ** 2 - (rows * pixel) ** 2),
      1e-6,
      `${rows} pixels from the axis`,
    );
  assert.equal(depth[(20 + 11) * side + 20], 0);
});

test("the masks of every site's files have the discs and cups that were asked for", () => {
  withFolder((folder) => {
    writeFundusPhantom(folder, { seed: 2023, side: 48, casesPerSite: 24 });
    for (const site of fundusSiteTable().values()) {
      const data = loadSite(fundusSet, folder, site.name, { side: 48, reading: "intended", seed: 1 });
      for (const { holds, property, ...rest } of measureFundusMasks(site, data))
        assert.ok(holds, `${site.name}, ${property}: ${JSON.stringify(rest)}`);
    }
  });
});

test("the gap between sites of photographs counts all three colours", () => {
  const eyes = (green: number, blue: number): SliceSet => ({
    site: "Domain1",
    count: 1,
    height: 2,
    width: 2,
    channels: 3,
    cases: [],
    masks: new Uint8Array(4),
    planes: Float32Array.of(1, 1, 1, 1, green, green, green, green, blue, blue, blue, blue),
    stack: Int32Array.of(0, 1, 2),
  });
  assert.deepEqual(domainGap([eyes(2, 3), eyes(2, 6)], "image"), [
    [0, 1],
    [1, 0],
  ]);
  // Of neighbouring slices, which share their planes, the middle one alone counts.
  const slices = (value: number): SliceSet => ({
    ...eyes(0, 0),
    count: 2,
    planes: Float32Array.of(value, value, value, value, 5, 5, 5, 5),
    stack: Int32Array.of(0, 0, 1, 0, 1, 1),
    masks: new Uint8Array(8),
  });
  assert.deepEqual(domainGap([slices(0), slices(4)], "image"), [
    [0, 2],
    [2, 0],
  ]);
});

test("masks read back from the files are those of the eye", () => {
  withFolder((folder) => {
    writeFundusPhantom(folder, { ...tiny, casesPerSite: 3 });
    const { source, cases } = findCases(fundusSet, folder);
    const made = fundusPhantomImage(fundusSite("Domain2"), 1, tiny);
    const { image, mask } = cases.find(({ site, id }) => site === "Domain2" && id === made.id) ?? assert.fail();
    const read = readFundusCase("Domain2", made.id, { image: source.read(image), mask: source.read(mask) }, 32);
    assert.deepEqual(read.classes, made.views[0].classes);
    assert.deepEqual(
      Uint8Array.from(made.views[0].image, (_, i) => read.planes[(i % 3) * 1024 + Math.floor(i / 3)]),
      made.views[0].image,
    );
  });
});
