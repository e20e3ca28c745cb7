import fc from "fast-check";
import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import { test } from "node:test";
import { WorkbenchError } from "../../../lib/core/errors";
import { namesIn } from "../../../lib/data/draft/labels";
import { planLayout } from "../../../lib/data/sets/own/layouts/plan";
import { lookAtCase } from "../../../lib/data/sets/own/look";
import { layoutSchema } from "../../../lib/data/task/layout-schema";
import { encodePng } from "../../../lib/io/png";
import { madeFiles, madeSites } from "./made-set";

const grey = Uint8Array.from({ length: 256 }, (_, i) => i);
const rgba = Uint8Array.from({ length: 4 * 256 }, (_, i) => (i * 7) % 256);
const { image: volume } = madeFiles(madeSites[1], 0);
const samples = {
  picture: [
    encodePng({ width: 16, height: 16, channels: 1, data: grey }),
    new Uint8Array(encode({ width: 16, height: 16, data: rgba }, 80).data),
  ],
  volume: [volume],
} as const;

/** Some bytes of a file changed, and perhaps its end cut off. */
const damage = fc.record({
  at: fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { maxLength: 6 }),
  keep: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.boolean(),
});
type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;
function damaged(bytes: Uint8Array, { at, keep, cut }: Damage): Uint8Array {
  const copy = bytes.slice();
  // Headers are hit more often than the middle of the pixels.
  for (const [place, value] of at) copy[place % copy.length] = value;
  return cut ? copy.subarray(0, Math.floor(keep * copy.length)) : copy;
}

/** Anything else than a refusal in plain words is a defect. */
function orRefused(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof WorkbenchError, String(error));
    assert.ok(error.hint.length > 0, error.message);
  }
}

test("a damaged image is read, or refused in a line with its mend", () => {
  for (const [modality, files] of Object.entries(samples))
    for (const bytes of files)
      fc.assert(
        fc.property(damage, (how) =>
          orRefused(() =>
            lookAtCase(modality as keyof typeof samples, { image: damaged(bytes, how), mask: bytes }, "A/1"),
          ),
        ),
        { numRuns: 400, seed: 17 },
      );
});

test("a manifest of any text, and any list of names, gives cases below the folder or lines of faults", () => {
  const names = ["list.csv", "a.nii", "b/c.nii.gz", "b/../x.nii"];
  const layout = layoutSchema.parse({ kind: "manifest", file: "list.csv" });
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom("North", "a.nii", "b/c.nii.gz", "../a.nii", '"', "\n", "__proto__"),
  );
  fc.assert(
    fc.property(fc.array(fc.array(cell, { maxLength: 6 })), (rows) => {
      const text = ["site,case,image,mask,part", ...rows.map((row) => row.join(","))].join("\n");
      const read = () => new TextEncoder().encode(text);
      orRefused(() => {
        const { cases } = planLayout(layout, ["North"], "volume", names, read);
        for (const { image, mask } of cases) assert.ok(names.includes(image) && names.includes(mask));
      });
    }),
    { numRuns: 500, seed: 17 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      for (const [value, name] of namesIn(new TextEncoder().encode(text)))
        assert.ok(Number.isInteger(value) && typeof name === "string");
    }),
    { numRuns: 100, seed: 17 },
  );
});
