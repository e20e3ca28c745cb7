import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { PNG } from "pngjs";
import { z } from "zod";
import { parseConfig } from "../../lib/io/config";
import { decodePng, encodePng } from "../../lib/io/png";
import { readNotebook, hasTag, sourceOf } from "../../lib/notebook/runner/notebook-file";
import { profileSchema } from "../../lib/records/config";
import { fuzzTest } from "./fuzz-reader";
import { withSums } from "./png-file";

const text = (content: string) => new Uint8Array(Buffer.from(content));
const temporary = mkdtempSync(join(tmpdir(), "workbench-fuzz-"));
after(() => rmSync(temporary, { recursive: true }));

const picture = (channels: 1 | 3) =>
  encodePng({
    width: 7,
    height: 5,
    channels,
    data: Uint8Array.from({ length: 35 * channels }, (_, i) => (31 * i) % 256),
  });
const withAlpha = PNG.sync.write(new PNG({ width: 6, height: 4 }));
fuzzTest(
  "PNG",
  [picture(1), picture(3), new Uint8Array(withAlpha)],
  4000,
  (bytes) => decodePng(withSums(bytes), "file"),
  ({ width, height, channels, data }, bytes) => {
    assert.equal(data.length, width * height * channels);
    assert.ok(data.length <= bytes.length * 1032 * 8);
  },
);

const configs = [
  ["profiles/quick.yaml", profileSchema],
  ["experiments/outside-prostate.yaml", z.unknown()],
] as const;
for (const [name, schema] of configs) {
  fuzzTest(
    `YAML, ${name}`,
    [new Uint8Array(readFileSync(join(__dirname, "../../configs", name)))],
    1500,
    (bytes) => parseConfig(Buffer.from(bytes).toString(), schema, "file"),
    (value) => {
      assert.ok(value !== undefined);
    },
  );
}

const notebook = text(
  JSON.stringify(
    {
      cells: [
        {
          id: "a",
          cell_type: "code",
          metadata: { tags: ["parameters"] },
          source: ["let a = 1;\n", "a"],
          outputs: [],
          execution_count: null,
        },
        { id: "b", cell_type: "markdown", metadata: {}, source: "# b" },
      ],
      metadata: { kernelspec: { name: "x" } },
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  ),
);
fuzzTest(
  "ipynb",
  [notebook],
  3000,
  (bytes) => {
    const path = join(temporary, "a.ipynb");
    writeFileSync(path, bytes);
    return readNotebook(path);
  },
  ({ cells }) => {
    for (const cell of cells)
      assert.deepEqual([typeof sourceOf(cell), typeof hasTag(cell, "parameters")], ["string", "boolean"]);
  },
);
