import assert from "node:assert/strict";
import { test } from "node:test";
import { gather } from "../../lib/data/set/batches";
import { stackedCase } from "../../lib/data/set/slice-sets";
import { allValues } from "../../lib/data/set/values";
import { eyeSlices, prepareFundus } from "../../lib/data/sets/fundus/prepare";
import { prepareProstate } from "../../lib/data/sets/prostate/prepare";
import { imageKinds } from "../../lib/hospital/kinds";
import { writeNifti } from "../../lib/io/nifti";
import { encodePng } from "../../lib/io/png";
import { pattern } from "../engine/engines";

const wish = { side: 32, reading: "intended", orientations: ["RAS"] } as const;
const grey = (count: number) => pattern(count).map((value) => Math.round(300 * value));
const disc = (height: number, width: number, radius: number) =>
  Uint8Array.from({ length: height * width }, (_, i) =>
    Math.hypot(Math.floor(i / width) - height / 2, (i % width) - width / 2) < radius ? 1 : 0,
  );

/** A volume of `[depth, side, side]` and the same disc in every slice. */
function volume(depth: number, side: number) {
  const shape = [depth, side, side] as const;
  const spacing = [3, 40 / side, 40 / side] as const;
  const one = disc(side, side, side / 4);
  const mask = Uint8Array.from({ length: depth * side * side }, (_, i) => one[i % one.length]);
  return {
    image: writeNifti({ voxels: Int16Array.from(grey(mask.length)), shape, spacing }),
    mask: writeNifti({ voxels: mask, shape, spacing }),
  };
}

for (const reading of ["intended", "published"] as const)
  for (const side of [32, 80])
    test(`a volume of ${side} pixels looks to the network as in training, reading ${reading}`, () => {
      const files = volume(5, side);
      const seen = imageKinds.prostate.open(files.image, "x", 2, { ...wish, reading });
      const trained = stackedCase(prepareProstate("HK", "Case00", files, 32), reading);
      // The published reading gives the last labelled slice other neighbours, so that its label belongs to one of them.
      const inner = [0, 1, 2, 3, ...(reading === "intended" ? [4] : [])];
      assert.deepEqual(gather(seen.slices, inner).images, gather(trained, inner).images);
      assert.deepEqual(seen.shape, [5, side, side]);
    });

for (const reading of ["intended", "published"] as const)
  test(`a photograph looks to the network as in training, reading ${reading}`, () => {
    const side = 64;
    const data = Uint8Array.from(pattern(3 * side * side), (value) => Math.round(127 + 127 * value));
    const image = encodePng({ width: side, height: side, channels: 3, data });
    const [outer, inner] = [disc(side, side, 20), disc(side, side, 8)];
    const coded = Uint8Array.from(outer, (value, i) => (value === 0 ? 255 : inner[i] === 0 ? 128 : 0));
    const mask = encodePng({ width: side, height: side, channels: 1, data: coded });
    const seen = imageKinds.fundus.open(image, "x", 3, { ...wish, reading });
    const trained = eyeSlices(prepareFundus("Domain1", "gdrishtiGS_001", { image, mask }, 32), reading);
    assert.deepEqual(gather(seen.slices, [0]).images, gather(trained, [0]).images);
    const classes = Uint8Array.from(outer, (value, i) => value + inner[i]);
    assert.deepEqual(Buffer.from(seen.encode(classes)), Buffer.from(mask), "the coding of the published masks");
    assert.deepEqual(seen.decode(seen.encode(classes)), classes);
  });

test("nothing of a mask is among what is opened", () => {
  const { slices } = imageKinds.prostate.open(volume(5, 32).image, "x", 2, wish);
  assert.ok(allValues(slices.masks).every((label) => label === 0));
});
