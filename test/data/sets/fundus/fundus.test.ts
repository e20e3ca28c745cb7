import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../../../lib/core/errors";
import { createRandom } from "../../../../lib/core/random";
import { findCases, loadSite } from "../../../../lib/data/set/load";
import { allValues } from "../../../../lib/data/set/values";
import { splitCases, type SplitMode } from "../../../../lib/data/set/splits";
import { readFundusCase } from "../../../../lib/data/sets/fundus/cases";
import { fundusSet } from "../../../../lib/data/sets/fundus/set";
import { fundusSiteTable } from "../../../../lib/data/sets/fundus/sites";
import { officialFundusSplit } from "../../../../lib/data/sets/fundus/split";
import { encodePng } from "../../../../lib/io/png";
import { withFolder } from "../../support/temporary";

const refuses = (run: () => unknown, message: RegExp) =>
  assert.throws(
    run,
    (error) => error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n"),
    `${message}`,
  );

const paths = (folder: string, id = "V0001", part = "train") => ({
  image: join(folder, "Domain4", part, "ROIs", "image", `${id}.png`),
  mask: join(folder, "Domain4", part, "ROIs", "mask", `${id}.png`),
});
const put = (path: string, content: Uint8Array | string) => (
  mkdirSync(dirname(path), { recursive: true }),
  writeFileSync(path, content)
);
/** Writes an eye whose mask holds the given values; red is 0, green 10 times the pixel's number, blue 2. */
function putEye({ image, mask }: ReturnType<typeof paths>, width: number, values: readonly number[]): void {
  const height = values.length / width;
  const data = Uint8Array.from({ length: 3 * values.length }, (_, i) =>
    i % 3 === 1 ? (10 * Math.floor(i / 3)) % 250 : i % 3,
  );
  put(image, encodePng({ width, height, channels: 3, data }));
  put(mask, encodePng({ width, height, channels: 1, data: Uint8Array.from(values) }));
}
/** An eye of 12 x 12 pixels with rim around a cup of 4 x 4, in two crops where asked, and other values where they are given. */
const eye = (values: Readonly<Record<number, number>> = {}, crops = 1) =>
  Array.from({ length: 144 * crops }, (_, i) => {
    const [row, column] = [Math.floor(i / (12 * crops)), (i % (12 * crops)) % 12];
    const within = (edge: number) => Math.min(row, column, 11 - row, 11 - column) >= edge;
    return values[i] ?? (within(4) ? 0 : within(2) ? 128 : 255);
  });
const readFirst = (folder: string, side: number) => {
  const { source, cases } = findCases(fundusSet, folder);
  const { site, id, image, mask } = cases[0];
  return readFundusCase(site, id, { image: source.read(image), mask: source.read(mask) }, side);
};

test("mask values become classes by the published thresholds, colours stay", () => {
  withFolder((folder) => {
    // In the second row of the rim, beside the cup and inside it.
    const odd = { 39: 201, 40: 200, 42: 51, 43: 50, 65: 130 };
    putEye(paths(folder), 12, eye(odd));
    const { planes, classes } = readFirst(folder, 12);
    assert.deepEqual(
      [39, 40, 42, 43, 65, 0, 26, 66].map((i) => classes[i]),
      [0, 1, 1, 2, 1, 0, 1, 2],
    );
    assert.deepEqual([planes[0], planes[144], planes[145], planes[288]], [0, 0, 10, 2]);
  });
});

test("of two crops side by side the left one is read", () => {
  withFolder((folder) => {
    putEye(paths(folder), 24, eye({ 17: 128 }, 2));
    const { planes, classes } = readFirst(folder, 12);
    const one = eye().map((value) => (value === 255 ? 0 : value === 128 ? 1 : 2));
    assert.deepEqual([...classes], one);
    assert.deepEqual([...planes.subarray(144 + 12, 144 + 15)], [240, 0, 10]);
  });
});

test("a small pixel is disc, or cup, where half of it is", () => {
  withFolder((folder) => {
    // Rows 2 and 3, columns 2 to 9, in blocks of 2 x 2: one rim of four; two rim; two cup and two rim; one cup and three rim.
    const block = (column: number, values: readonly number[]) =>
      Object.fromEntries(values.map((value, i) => [(2 + (i >> 1)) * 12 + column + (i & 1), value]));
    const values = {
      ...block(2, [255, 255, 255, 128]),
      ...block(4, [255, 255, 128, 128]),
      ...block(6, [0, 0, 128, 128]),
      ...block(8, [0, 128, 128, 128]),
    };
    putEye(paths(folder), 12, eye(values));
    assert.deepEqual([...readFirst(folder, 6).classes.subarray(7, 11)], [0, 1, 2, 1]);
  });
});

test("what is wrong with a file or a folder is one line that names it", () => {
  withFolder((folder) => {
    refuses(() => findCases(fundusSet, folder), /no case of the fundus set in /);
    putEye(paths(folder), 12, eye());
    put(join(folder, "Domain9", "train", "ROIs", "image", "x.png"), "");
    refuses(() => findCases(fundusSet, folder), /Domain9\/train\/ROIs\/image lies in no known domain/);
  });
  const cases: [RegExp, (files: ReturnType<typeof paths>, folder: string) => void][] = [
    [/Domain4\/V0001: the mask has no disc \(its values are 255\)/, (files) => putEye(files, 2, [255, 255, 255, 255])],
    [
      /Domain4\/V0001: the image has 12 x 12 pixels, its mask 1 x 1/,
      (files) => put(files.mask, encodePng({ width: 1, height: 1, channels: 1, data: new Uint8Array(1) })),
    ],
    [/Domain4\/V0001: 3 x 1 pixels are neither/, (files) => putEye(files, 3, [0, 0, 0])],
    [/Domain4\/V0001 image: is a GIF picture, not a PNG picture/, (files) => put(files.image, "GIF89a")],
    [/Domain4\/V0002 has no mask beside Domain4\/train/, (_, folder) => put(paths(folder, "V0002").image, "")],
    [/Domain4\/V0002 has no image beside Domain4\/train/, (_, folder) => put(paths(folder, "V0002").mask, "")],
    [/Domain4\/V0001 has two image files/, (_, folder) => putEye(paths(folder, "V0001", "test"), 12, eye())],
    [
      /Domain4\/V0001 image: has 100000 x 2 pixels/,
      (files) => {
        const png = Buffer.from(encodePng({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) }));
        png.writeUInt32BE(100000, 16);
        put(files.image, png);
      },
    ],
    [
      /Domain4\/V0001 image: the PNG data are damaged: has more than one header/,
      (files) => {
        const png = Buffer.from(encodePng({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) }));
        put(files.image, Buffer.concat([png.subarray(0, 33), png.subarray(8)]));
      },
    ],
    [
      /Domain4\/V0001 image: the PNG data are damaged/,
      (files) =>
        put(files.image, encodePng({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) }).subarray(0, 45)),
    ],
  ];
  for (const [message, damage] of cases) {
    withFolder((folder) => {
      putEye(paths(folder), 12, eye());
      damage(paths(folder), folder);
      refuses(() => readFirst(folder, 12), message);
    });
  }
});

test("the published folders split the eyes; too few are drawn by lot", () => {
  const eyes = (train: number, tested: number) =>
    Array.from({ length: train + tested }, (_, i) => ({
      id: `V${i}`,
      part: i < train ? ("train" as const) : ("test" as const),
    }));
  const split = (cases: ReturnType<typeof eyes>, mode: SplitMode) => {
    const random = createRandom(1);
    const official = officialFundusSplit(cases, "Domain4", random);
    return splitCases(
      cases.map(({ id }) => id),
      "Domain4",
      mode,
      random,
      official,
    );
  };
  const official = split(eyes(10, 3), "auto");
  assert.deepEqual(official.test, ["V10", "V11", "V12"]);
  assert.deepEqual([official.train.length, official.validation.length], [8, 2]);
  const lot = split(eyes(10, 0), "auto");
  assert.deepEqual([lot.train.length, lot.validation.length, lot.test.length], [6, 2, 2]);
  refuses(() => split(eyes(10, 0), "official"), /10 images in train and 0 in test/);
  assert.equal(
    [...fundusSiteTable().values()].reduce((sum, { images }) => sum + images, 0),
    1060,
  );
});

test("slices are normalised in both readings and scored as disc and cup", () => {
  withFolder((folder) => {
    for (let i = 0; i < 5; i++) putEye(paths(folder, `V000${i}`), 12, eye());
    assert.equal(readdirSync(join(folder, "Domain4", "train", "ROIs", "image")).length, 5);
    const published = loadSite(fundusSet, folder, "Domain4", { side: 12, reading: "published", seed: 1 }).parts.train;
    assert.deepEqual([published.count, published.channels, published.cases.length], [3, 3, 3]);
    assert.ok(Math.abs(allValues(published.planes)[145] - (10 / 127.5 - 1)) < 1e-6);
    assert.deepEqual([...published.masks.subarray(48, 60)], [0, 0, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0]);
    const { planes, structures } = loadSite(fundusSet, folder, "Domain4", { side: 12, reading: "intended", seed: 1 })
      .parts.test;
    const images = allValues(planes);
    assert.ok(Math.abs(images.reduce((sum, value) => sum + value, 0)) < 1e-3);
    assert.ok(Math.abs(images.reduce((sum, value) => sum + value * value, 0) / images.length - 1) < 1e-5);
    assert.deepEqual(
      structures?.map(({ id }) => id),
      ["disc", "cup"],
    );
  });
});
