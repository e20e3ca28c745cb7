import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gather } from "../../lib/data/set/batches";
import { stackedCase } from "../../lib/data/set/slice-sets";
import { labelledSlices, neighbours, setOrder, type Reading } from "../../lib/data/set/stacking";
import { readNifti } from "../../lib/io/nifti";
import type { GoldenCase, GoldenCheck } from "./golden-case";

interface NiftiFacts {
  readonly pixdim_xyz: readonly number[];
  readonly first_5_values_x_fastest: readonly number[];
  readonly value_min_max?: readonly [number, number];
}

interface SetOrderQuirk {
  readonly labelled_slices: readonly [number, number];
  readonly published_order_in_cpython: readonly number[];
  readonly ascending_order: readonly number[];
}

/** Every NIfTI file voxel by voxel, and the official three-slice stacking with its quirks. */
export const check: GoldenCheck = {
  name: "volume",
  engine: false,
  run(golden) {
    checkFiles(golden);
    checkStacking(golden);
    const quirk = golden.json.set_order_quirk as SetOrderQuirk;
    golden.compareWithin("set order", setOrder(quirk.ascending_order), quirk.published_order_in_cpython, 0);
    golden.compareWithin(
      "ends of the labelled range",
      [Math.min(...quirk.ascending_order), Math.max(...quirk.ascending_order)],
      quirk.labelled_slices,
      0,
    );
  },
};

function checkFiles(golden: GoldenCase): void {
  for (const [name, facts] of Object.entries(golden.json.nifti_files as Record<string, NiftiFacts>)) {
    const want = golden.tensor(`nifti/${name}`);
    const { voxels, shape, spacing } = readNifti(readFileSync(join(golden.folder, "nifti", name)), name);
    golden.compareWithin(`${name} shape`, shape, want.shape, 0);
    golden.compareWithin(`${name} voxels`, voxels, want.data as Float32Array, 0);
    golden.compareWithin(`${name} spacing`, [...spacing].reverse(), facts.pixdim_xyz, 0);
    golden.compareWithin(
      `${name} first values`,
      voxels.subarray(0, 5),
      Float32Array.from(facts.first_5_values_x_fastest),
      0,
    );
    if (!facts.value_min_max) continue;
    const ends = [voxels.reduce((a, b) => Math.min(a, b)), voxels.reduce((a, b) => Math.max(a, b))];
    golden.compareWithin(`${name} range`, ends, Float32Array.from(facts.value_min_max), 0);
  }
}

function checkStacking(golden: GoldenCase): void {
  const image = golden.tensor("stack/image_zyx");
  const label = golden.tensor("stack/label_zyx");
  const shape = image.shape as [number, number, number];
  const mask = Uint8Array.from(label.data as Int32Array);
  const slices = labelledSlices(mask, shape);
  const [, height, width] = shape;
  const labelled = <Values extends Float32Array | Uint8Array>(values: Values) =>
    values.filter((_, i) => slices.includes(Math.floor(i / (height * width)))) as Values;
  // A mean of 0 and a deviation of 1 leave the intensities as they are, as the oracle does in both readings.
  const volume = {
    ...{
      site: "oracle",
      id: "volume",
      height,
      width,
      planes: labelled(image.data as Float32Array),
      masks: labelled(mask),
      slices,
    },
    ...{ spacing: [1, 1, 1] as const, mean: 0, deviation: 1, shape, labels: [0, 1], notes: [] },
  };
  const kept = golden.tensor("stack/kept_slices").data as Int32Array;
  golden.compareWithin(
    "labelled slices",
    slices,
    [...kept].sort((a, b) => a - b),
    0,
  );
  for (const [reading, key] of [
    ["published", "stack/published"],
    ["intended", "stack/symmetric_last"],
  ] satisfies [Reading, string][]) {
    const order = Array.from(kept, (slice) => slices.indexOf(slice));
    const stacked = gather(stackedCase(volume, reading), order);
    golden.compareWithin(`${reading} images`, stacked.images, golden.tensor(key).data as Float32Array, 0);
    golden.compareWithin(
      `${reading} labels`,
      stacked.masks.map(Math.sign),
      golden.tensor("stack/label_out").data as Int32Array,
      0,
    );
    golden.compareWithin(
      `${reading} last`,
      neighbours(kept.length, reading)[kept.length - 1],
      reading === "published" ? [-3, -2, -1].map((i) => kept.length + i) : [-2, -1, -1].map((i) => kept.length + i),
      0,
    );
  }
}
