import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { domainGap } from "../../lib/data/domain-gap";
import { findFundusCases, readFundusCase } from "../../lib/data/fundus-cases";
import { loadFundusSite } from "../../lib/data/fundus-load";
import { readPicture } from "../../lib/data/fundus-picture";
import { fundusSite, fundusSites, fundusSiteTable } from "../../lib/data/fundus-sites";
import { allSlices } from "../../lib/data/load";
import { fundusPhantomImage, writeFundusPhantom } from "../../lib/data/phantom-fundus";
import { photograph } from "../../lib/data/phantom-fundus-camera";
import { fundusPhantomConfig } from "../../lib/data/phantom-fundus-config";
import { createEye } from "../../lib/data/phantom-fundus-eye";
import { vesselDepth } from "../../lib/data/phantom-fundus-vessels";
import { createRandom } from "../../lib/core/random";
import { withFolder } from "./temporary";

const tiny = { seed: "test", side: 32, casesPerSite: 5 };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const near = (value: number, wanted: number, tolerance: number, what: string) => assert.ok(Math.abs(value - wanted) <= tolerance, `${what}: ${value}, wanted ${wanted} +- ${tolerance}`);

test("the phantom has the real set's files and mask values and the same pixels on every machine", () => {
  withFolder((folder) => {
    const progress: number[] = [];
    writeFundusPhantom(folder, tiny, (done, total) => progress.push(done / total));
    assert.deepEqual([progress.length, progress[19]], [20, 1]);
    const hash = createHash("sha256");
    for (const { site, cases } of findFundusCases(folder)) {
      assert.deepEqual([...new Set(cases.map(({ part }) => part))], ["train", "test"]);
      for (const { id, image, mask } of cases) {
        assert.ok(site.prefixes.some((prefix) => id.startsWith(prefix)), id);
        const [picture, labels] = [image, mask].map((path) => readPicture(readFileSync(path), id));
        assert.deepEqual([picture.width, picture.height], site.name === "Domain2" ? [64, 32] : [32, 32]);
        assert.deepEqual([...new Set(labels.data)].sort(), [0, 128, 255]);
        hash.update(picture.data).update(labels.data);
      }
    }
    assert.equal(hash.digest("hex"), "ce7374e61fbffbb8d62d6bf318afa9a0d59a56f7538fd26eb4edc7298f0cc286");
    const sets = fundusSites.map((site) => allSlices(loadFundusSite(folder, site, { side: 32, reading: "intended", seed: 1 })));
    domainGap(sets, "image").forEach((row, i) => row.forEach((gap, j) => assert.ok(i === j ? gap === 0 : gap > 0.02, `${fundusSites[i]} and ${fundusSites[j]} lie ${gap} apart`)));
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

/** Height in pixels of the pixels that `inside` names. */
function extent(classes: Uint8Array, side: number, inside: (value: number) => boolean): number {
  const rows = Array.from({ length: side }, (_, row) => row).filter((row) => classes.subarray(row * side, (row + 1) * side).some(inside));
  return rows.length;
}

test("discs and cups measured from the masks have the sizes that were asked for", () => {
  const config = fundusPhantomConfig();
  const [side, camera] = [160, config.cameras.Domain3];
  const pixel = camera.cropMillimetres / side;
  const measured = [false, true].map((glaucoma) =>
    Array.from({ length: 40 }, (_, i) => {
      const random = createRandom(`size/${i}`);
      const { discRadius, cupRadius } = createEye(glaucoma, config, random);
      const classes = Uint8Array.from({ length: side * side }, (_, place) => {
        const [x, y] = [((place % side) - side / 2 + 0.5) * pixel, (Math.floor(place / side) - side / 2 + 0.5) * pixel];
        return discRadius(x, y) > 1 ? 0 : cupRadius(x, y) > 1 ? 1 : 2;
      });
      return { disc: extent(classes, side, (value) => value > 0) * pixel, cup: extent(classes, side, (value) => value === 2) * pixel, area: classes.filter((value) => value > 0).length * pixel * pixel };
    }),
  );
  const [normal, glaucoma] = measured.map((eyes) => ({ disc: mean(eyes.map(({ disc }) => disc)), area: mean(eyes.map(({ area }) => area)), ratio: mean(eyes.map(({ disc, cup }) => cup / disc)) }));
  // Jonas et al. 1988: vertical diameter 1.92 mm, disc area 2.69 mm2.
  near(normal.disc, 1.92, 0.1, "vertical diameter of the disc, mm");
  near(normal.area, 2.69, 0.2, "area of the disc, mm2");
  near(normal.ratio, 0.4, 0.06, "vertical cup-to-disc ratio, normal");
  near(glaucoma.ratio, 0.7, 0.06, "vertical cup-to-disc ratio, glaucoma");
});

test("the cup lies in the disc in every eye, and large cups are as frequent as the site's table says", () => {
  for (const site of fundusSiteTable().values()) {
    const images = Array.from({ length: 30 }, (_, i) => fundusPhantomImage(site, i + 1, { seed: 3, side: 32 }));
    for (const { id, views } of images) assert.ok([0, 1, 2].every((value) => views[0].classes.includes(value)), `${site.name} ${id}`);
    const { glaucoma } = fundusPhantomConfig().cameras[site.name];
    if (site.prefixes.length < 2) continue;
    const share = images.filter(({ id }) => id.startsWith(site.prefixes[0])).length / images.length;
    near(share, glaucoma, 3 * Math.sqrt((glaucoma * (1 - glaucoma)) / images.length), `${site.name}: share of glaucoma`);
  }
});

test("blood takes away the light of Beer and Lambert, across the vessel's chord", () => {
  const [side, pixel, radius] = [41, 0.01, 0.1];
  const depth = vesselDepth([{ from: [-1, 0], to: [1, 0], radius }], side, pixel, [0, 0]);
  for (const rows of [0, 3, 7, 9]) near(depth[(20 + rows) * side + 20], 2 * Math.sqrt(radius ** 2 - (rows * pixel) ** 2), 1e-6, `${rows} pixels from the axis`);
  assert.equal(depth[(20 + 11) * side + 20], 0);
});

/** Two photographs of one eye that differ only in their noise. */
function twins(name: "Domain2" | "Domain3", side: number) {
  const config = fundusPhantomConfig();
  const camera = { ...config.cameras[name], gamma: 1 };
  const eye = createEye(false, config, createRandom("twin"));
  const take = (noise: string) => {
    const random = createRandom("light");
    return photograph(eye, camera, config, side, [0, 0], { ...random, child: (label) => random.child(label === "noise" ? noise : label) }).image;
  };
  return { a: take("a"), b: take("b"), camera };
}

test("the noise of a camera, measured from two photographs of one eye, is what was asked for", () => {
  for (const name of ["Domain2", "Domain3"] as const) {
    const side = 400;
    const { a, b, camera } = twins(name, side);
    const green = Array.from({ length: side * side }, (_, i) => [a[3 * i + 1] / 255, b[3 * i + 1] / 255]).filter(([x]) => x > 0.1 && x < 0.35);
    const signal = mean(green.map(([x, y]) => (x + y) / 2));
    const variance = mean(green.map(([x, y]) => (x - y) ** 2)) / 2;
    // Rounding to 255 steps adds a twelfth of a squared step.
    const asked = (side / 800) ** 2 * (camera.shotNoise ** 2 * signal + camera.readNoise ** 2) + 1 / 12 / 255 ** 2;
    near(Math.sqrt(variance / asked), 1, 0.05, `${name}: noise measured over asked`);
  }
});

test("masks read back from the files are those of the eye", () => {
  withFolder((folder) => {
    writeFundusPhantom(folder, { ...tiny, casesPerSite: 3 });
    const { site, cases } = findFundusCases(folder)[1];
    const made = fundusPhantomImage(site, 1, tiny);
    const { image, mask } = cases.find(({ id }) => id === made.id) ?? assert.fail();
    const read = readFundusCase(site.name, made.id, { image: readFileSync(image), mask: readFileSync(mask) }, 32);
    assert.deepEqual(read.classes, made.views[0].classes);
    assert.deepEqual(Uint8Array.from(made.views[0].image, (_, i) => read.planes[(i % 3) * 1024 + Math.floor(i / 3)]), made.views[0].image);
  });
});
