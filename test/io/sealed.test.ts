import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeSafeTensors, type StoredTensor } from "../../lib/io/safetensors";
import { readSealed, writeSealed } from "../../lib/io/sealed";

const folder = mkdtempSync(join(tmpdir(), "workbench-sealed-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "a.safetensors");
const tensors: [string, StoredTensor][] = [["a", { type: "F32", shape: [2], data: Float32Array.of(1, 2) }]];

test("what was sealed is read; any bit that changes its content is found, the file removed and named in one line", () => {
  writeSealed(path, tensors, { note: "x" });
  const whole = readFileSync(path);
  assert.deepEqual(readSealed(path, "it"), { tensors: new Map(tensors), metadata: { note: "x" } });
  for (let bit = 0; bit < 8 * whole.length; bit += 3) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    writeFileSync(path, flipped);
    const lines: string[] = [];
    const read = readSealed(path, "it", (line) => lines.push(line));
    assert.deepEqual([read, lines.length, existsSync(path)], [undefined, 1, false], `bit ${bit}`);
    assert.match(lines[0], /^it was damaged on the disk \(.*a\.safetensors\); it is made again$/);
  }
  assert.equal(readSealed(path, "it", assert.fail), undefined);
});

test("what nobody sealed is not believed", () => {
  writeFileSync(path, writeSafeTensors(tensors, { note: "x" }));
  const lines: string[] = [];
  assert.equal(
    readSealed(path, "it", (line) => lines.push(line)),
    undefined,
  );
  assert.equal(lines.length, 1);
});

test("half a file, an empty one, and a folder in its place are removed and made again", () => {
  const damages: (() => void)[] = [
    () => writeFileSync(path, readFileSync(path).subarray(0, 50)),
    () => writeFileSync(path, ""),
    () => {
      rmSync(path);
      mkdirSync(join(path, "inside"), { recursive: true });
    },
  ];
  for (const damage of damages) {
    writeSealed(path, tensors);
    damage();
    const lines: string[] = [];
    const read = readSealed(path, "it", (line) => lines.push(line));
    assert.deepEqual([read, lines.length, existsSync(path)], [undefined, 1, false]);
  }
  writeSealed(path, tensors);
  assert.ok(readSealed(path, "it", assert.fail));
});
