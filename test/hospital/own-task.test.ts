import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import { test } from "node:test";
import { gather } from "../../lib/data/set/batches";
import { imageSetOf } from "../../lib/data/task/image-set";
import { taskSchema, type Task } from "../../lib/data/task/task";
import { maskCodes } from "../../lib/hospital/own-codes";
import { imageKindOf, kindRules } from "../../lib/hospital/kinds";
import { maskPlace } from "../../lib/hospital/results";
import { readNifti } from "../../lib/io/nifti";
import { placeOf, type Affine } from "../../lib/io/nifti-space";
import { decodePng, encodePng } from "../../lib/io/png";
import { niftiAlong } from "../data/own/nifti-along";

const taskWith = (rules: object): Task =>
  taskSchema.parse({
    ...{ id: "t", title: "T", sites: ["A", "B"], inChannels: 3, layout: { kind: "folders" }, folder: "/secret" },
    classes: [{ name: "background" }, { name: "wall", values: [7] }, { name: "cavity", values: [2] }],
    ...rules,
  });
const side = 8;
const wish = { side, reading: "intended" } as const;
const open = (task: Task, bytes: Uint8Array, name: string, more: object = {}) =>
  imageKindOf(kindRules(task)).open(bytes, name, 3, { ...wish, ...more });

const shape = [4, 6, 10] as const;
const count = shape[0] * shape[1] * shape[2];
/** To the left, down and forward: of the volume's slices, rows and columns none runs as in LPS. */
const lying = [
  [0, 0, -3, 40],
  [0, 2, 0, -10],
  [-1.5, 0, 0, 7],
] as const;
const values = Float32Array.from({ length: count }, (_, i) => ((i * 37) % 101) - 20);
const image = niftiAlong(values, shape, lying);

for (const [rules, name] of [
  [{ orientation: "LPS", normalisation: { window: [-10, 60] } }, "turned, in a window"],
  [{ normalisation: { percentiles: [5, 95] }, inChannels: 5 }, "as it is stored, between percentiles, five slices"],
] as const)
  test(`a volume of one's own looks to the network as in training: ${name}`, () => {
    const task = taskWith({ modality: "volume", slices: "all", ...rules });
    const set = imageSetOf(task);
    const mask = niftiAlong(values.map((_, i) => [0, 7, 2][i % 3]), shape, lying); // prettier-ignore
    const trained = set.slices(set.prepare("A", "1", { image, mask }, side), "intended");
    const seen = open(task, image, "x.nii").slices;
    const all = Array.from({ length: trained.count }, (_, slice) => slice);
    assert.equal(seen.count, trained.count);
    assert.deepEqual(gather(seen, all).images, gather(trained, all).images);
  });

test("the mask of a turned volume lies in its file where it was seen, with the values of the task", () => {
  const task = taskWith({ modality: "volume", orientation: "LPS" });
  const opened = open(task, image, "x.nii");
  // The file's axes run to I, A and L, so that of LPS columns are its third axis, rows its second, slices its first.
  assert.deepEqual(opened.shape, [10, 6, 4]);
  const mask = new Uint8Array(count);
  const at = (slice: number, row: number, column: number) => (slice * 6 + row) * 4 + column;
  mask[at(9, 0, 0)] = 1;
  mask[at(2, 5, 3)] = 2;
  const file = readNifti(opened.encode(mask), "m");
  assert.deepEqual([file.shape, file.affine], [shape, lying as Affine]);
  const found = new Map([...file.voxels].flatMap((value, place) => (value === 0 ? [] : [[value, place] as const])));
  const placeIn = (place: number) =>
    placeOf(lying as Affine, [place % 10, Math.floor(place / 10) % 6, Math.floor(place / 60)]);
  // Columns run to the left, 40 - 3 k; rows to the back, so that row 0 is j = 5; slices up, so that slice 9 is i = 0.
  assert.deepEqual(placeIn(found.get(7) ?? -1), [40, 0, 7]);
  assert.deepEqual(placeIn(found.get(2) ?? -1), [31, -10, 7 - 1.5 * 7]);
  assert.deepEqual(opened.decode(opened.encode(mask)), mask);
});

test("an image that lies as none of training is refused where images are taken as they are stored", () => {
  const task = taskWith({ modality: "volume" });
  assert.throws(
    () => open(task, image, "x.nii", { orientations: ["RAS"] }),
    /x\.nii: its axes run to IAL, those of the images that the models learnt from to RAS; reorient it/,
  );
  assert.doesNotThrow(() => open(task, image, "x.nii", { orientations: ["IAL"] }));
});

test("a picture of one's own looks as in training, and its mask has the task's colours", () => {
  const pixels = Uint8Array.from({ length: 3 * 160 }, (_, i) => (i * 29) % 251);
  const photograph = encodePng({ width: 16, height: 10, channels: 3, data: pixels });
  for (const inChannels of [1, 3]) {
    const task = taskWith({
      ...{ modality: "picture", inChannels },
      classes: [{ name: "background" }, { name: "polyp", values: ["#00ff10"] }],
    });
    const set = imageSetOf(task);
    const classes = Uint8Array.from({ length: 160 }, (_, i) => i % 2);
    const opened = open(task, photograph, "p.png");
    const mask = opened.encode(classes);
    const trained = set.slices(set.prepare("A", "1", { image: photograph, mask }, side), "intended");
    assert.deepEqual(gather(opened.slices, [0]).images, gather(trained, [0]).images);
    assert.deepEqual([...decodePng(mask, "m").data.subarray(0, 6)], [0, 0, 0, 0, 255, 16]);
    assert.deepEqual(opened.decode(mask), classes);
  }
  const jpeg = new Uint8Array(
    encode({ width: 16, height: 10, data: new Uint8Array(640).map((_, i) => i % 251) }, 90).data,
  );
  const grey = taskWith({ modality: "picture" });
  const { encode: write } = open(grey, jpeg, "p.jpg");
  assert.deepEqual([...new Set(decodePng(write(new Uint8Array(160).fill(1)), "m").data)], [7]);
});

test("masks are called as their images, in a format that holds them; values that fit none are places", () => {
  assert.deepEqual(["a.nii.gz", "b/c.hdr", "d.PNG", "e.jpg", "f.tiff"].map(maskPlace), [
    "masks/a.nii.gz",
    "masks/b/c.hdr.nii",
    "masks/d.PNG",
    "masks/e.jpg.png",
    "masks/f.tiff.png",
  ]);
  const codes = (classes: object[], colours = true) =>
    maskCodes(taskWith({ modality: "volume", classes }).labels ?? [], colours);
  assert.deepEqual(codes([{ name: "a" }, { name: "b", values: [255, 3] }]).greys, [0, 255]);
  assert.deepEqual(codes([{ name: "a" }, { name: "b", values: "others" }]).greys, [0, 1]);
  assert.deepEqual(codes([{ name: "a" }, { name: "b", values: [300] }]).greys, [0, 1]);
  assert.deepEqual(codes([{ name: "a" }, { name: "b", values: ["#010203"] }], false).greys, [0, 1]);
  assert.deepEqual(codes([{ name: "a" }, { name: "b", values: ["#010203"] }]).colours, [[0, 0, 0], [1, 2, 3]]); // prettier-ignore
});

test("what goes to a worker tells nothing of where images of training lie", () => {
  assert.ok(!JSON.stringify(kindRules(taskWith({ modality: "volume" }))).includes("secret"));
});
