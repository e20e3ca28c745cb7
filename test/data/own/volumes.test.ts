import assert from "node:assert/strict";
import { test } from "node:test";
import { resizeClasses } from "../../../lib/data/sets/own/read/classes";
import { allValues } from "../../../lib/data/set/values";
import { orient } from "../../../lib/data/sets/own/read/orient";
import { imageSetOf } from "../../../lib/data/task/image-set";
import { taskSchema } from "../../../lib/data/task/task";
import { readNifti, writeNifti } from "../../../lib/io/nifti";
import { placeOf } from "../../../lib/io/nifti-space";
import { niftiAlong, type Rows } from "./nifti-along";

/** The set of a task with two foreground classes, and some rules. */
const setWith = (rules: object = {}) =>
  imageSetOf(
    taskSchema.parse({
      ...{ id: "t", title: "T", sites: ["A", "B"], modality: "volume", inChannels: 3, layout: { kind: "folders" } },
      classes: [{ name: "background" }, { name: "wall" }, { name: "cavity", values: [7, 9] }],
      ...rules,
    }),
  );

const shape = [3, 2, 4] as const;
/** Every voxel has a value of its own. */
const numbers = Float32Array.from({ length: 24 }, (_, i) => i);
const upright: Rows = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
];
const labels = Uint8Array.from({ length: 24 }, (_, i) => (i < 8 ? 0 : [0, 1, 7, 9][i % 4]));
const pair = (mask: Uint8Array, image = niftiAlong(numbers, shape, upright)) => ({ image, mask });
const side = 16;

test("turned to other sides, every value stays at its place in the body", () => {
  // Columns run to the left, rows to the head, slices to the back.
  const rows: Rows = [
    [-2, 0, 0, 30],
    [0, 0, -3, 5],
    [0, 1.5, 0, -7],
  ];
  const volume = readNifti(niftiAlong(numbers, shape, rows, [3, 1.5, 2]), "v");
  const turned = orient(volume, "RAS", "v");
  assert.deepEqual(turned.shape, [2, 3, 4]);
  assert.deepEqual(turned.spacing, [1.5, 3, 2]);
  const places = (of: typeof volume) => {
    const [depth, height, width] = of.shape;
    const found = new Map<number, string>();
    for (let k = 0; k < depth; k++)
      for (let j = 0; j < height; j++)
        for (let i = 0; i < width; i++) {
          const place = of.affine && placeOf(of.affine, [i, j, k]);
          found.set(of.voxels[(k * height + j) * width + i], String(place?.map((each) => each.toFixed(4))));
        }
    return [...found].sort(([a], [b]) => a - b);
  };
  assert.deepEqual(places(turned), places(volume));
  assert.deepEqual([...orient(turned, "LSP", "v").voxels], [...numbers], "and back");
});

test("a mask that lies the other way round is turned onto its image, and refused where nothing is turned", () => {
  const mirrored = Uint8Array.from(labels, (_, i) => labels[i - (i % 4) + (3 - (i % 4))]);
  const rows: Rows = [[-1, 0, 0, 3], upright[1], upright[2]];
  const bytes = pair(niftiAlong(mirrored, shape, rows));
  const straight = pair(niftiAlong(labels, shape, upright));
  const turned = setWith({ orientation: "RAS" }).prepare("A", "1", bytes, side);
  assert.deepEqual(turned.masks, setWith().prepare("A", "1", straight, side).masks);
  assert.throws(
    () => setWith().prepare("A", "1", bytes, side),
    /A\/1: the mask lies elsewhere than the image: its axes run to LAS, the image's to RAS/,
  );
});

test("values become classes, labelled slices are kept, and each is seen between its neighbours", () => {
  const set = setWith();
  const made = set.prepare("A", "1", pair(niftiAlong(labels, shape, upright)), side);
  assert.deepEqual(made.slices, [1, 2], "the first slice shows nothing");
  assert.deepEqual([...new Set(made.masks)].sort(), [0, 1, 2]);
  assert.deepEqual(made.labels, [0, 1, 7, 9]);
  assert.deepEqual(made.spacing, [1, 2 / side, 4 / side]);
  const { planes, stack, structures } = set.slices(made, "intended");
  assert.deepEqual([...stack], [0, 0, 1, 0, 1, 1]);
  assert.deepEqual(
    structures?.map(({ id }) => id),
    ["wall", "cavity"],
  );
  // 0 ... 23 have the mean 11.5 and the variance (24^2 - 1) / 12.
  const first = (8 - 11.5) / Math.sqrt((24 * 24 - 1) / 12);
  assert.ok(Math.abs(allValues(planes)[0] - first) < 1e-6);
  assert.deepEqual(
    setWith({ slices: "all" }).prepare("A", "1", pair(niftiAlong(labels, shape, upright)), side).slices,
    [0, 1, 2],
  );
  assert.throws(() => set.slices(made, "published"), /a task of your own has no published reading/);
});

test("a window goes to -1 ... 1, percentiles cut outliers before the mean is taken", () => {
  const bytes = pair(niftiAlong(labels, shape, upright));
  const planesBy = (normalisation: object) => {
    const set = setWith({ normalisation, slices: "all" });
    return allValues(set.slices(set.prepare("A", "1", bytes, side), "intended").planes);
  };
  const windowed = planesBy({ window: [4, 20] });
  assert.deepEqual([windowed[0], windowed[windowed.length - 1]], [-1, 1]);
  // The second slice is 8 ... 15; its first pixel is the first value of the file's.
  assert.ok(Math.abs(windowed[side * side] - (8 - 12) / 8) < 1e-6);
  const cut = planesBy({ percentiles: [50, 100] });
  assert.ok(Math.abs(cut[0] - cut[side * side]) < 1e-6, "what lies below the median is the median");
});

test("a pixel gets the class that covers most of it; where two cover the same, the later one", () => {
  const classes = Uint8Array.from([1, 1, 0, 2, 1, 0, 2, 2, 0, 0, 1, 1, 0, 0, 2, 2]);
  assert.deepEqual([...resizeClasses(classes, [1, 4, 4], 2, 3)], [1, 2, 0, 2]);
});

test("what is no pair is refused with the case, the value and the mend", () => {
  const refuses = (mask: Uint8Array, fault: RegExp, rules = {}) =>
    assert.throws(() => setWith(rules).prepare("A", "1", pair(mask), side), fault);
  const strange = labels.map((value) => (value === 7 ? 3 : value));
  refuses(
    niftiAlong(strange, shape, upright),
    /A\/1: the mask holds 3, of no class of the task .*0, 1, 3, 9.*name the value at a class/,
  );
  refuses(
    niftiAlong(
      Float32Array.from(labels, (value) => value / 2),
      shape,
      upright,
    ),
    /the mask holds 0\.5, 3\.5, 4\.5, of no class/,
  );
  refuses(
    niftiAlong(
      labels.map(() => 0),
      shape,
      upright,
    ),
    /A\/1: nothing but background is left of the mask at 16 x 16/,
  );
  refuses(
    writeNifti({ voxels: labels, shape: [2, 3, 4], spacing: [1, 1, 1] }),
    /the image has shape \[3,2,4\], its mask \[2,3,4\]/,
  );
  refuses(
    niftiAlong(labels, shape, [[1, 0, 0, 5], upright[1], upright[2]]),
    /its first voxel lies 5 mm from the image's; resample/,
  );
  const others = { classes: [{ name: "background" }, { name: "all", values: "others" }] };
  const joined = setWith(others).prepare("A", "1", pair(niftiAlong(strange, shape, upright)), side);
  assert.deepEqual([...new Set(joined.masks)].sort(), [0, 1]);
});
