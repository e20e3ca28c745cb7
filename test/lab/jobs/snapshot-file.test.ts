import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSafeTensors, writeSafeTensors } from "../../../lib/io/safetensors";
import { readSnapshot, snapshotBytes } from "../../../lib/lab/jobs/snapshot-file";

const golden = join(__dirname, "../../golden/checkpoint");
const folder = mkdtempSync(join(tmpdir(), "workbench-snapshot-"));
after(() => rmSync(folder, { recursive: true }));

test("zip, legacy and twin give one model; converted, it has the twin's tensors and reads back as itself", () => {
  const twin = readSafeTensors(readFileSync(join(golden, "unet_twin.safetensors")), "twin").tensors;
  const files = ["unet_zip.pth", "unet_legacy.pth", "unet_twin.safetensors"].map((name) =>
    snapshotBytes(readSnapshot(join(golden, name))),
  );
  const converted = join(folder, "converted.safetensors");
  writeFileSync(converted, files[0]);
  for (const bytes of [...files, snapshotBytes(readSnapshot(converted))]) assert.deepEqual(bytes, files[0]);
  const { tensors } = readSafeTensors(files[0], "converted");
  for (const [name, tensor] of tensors) assert.deepEqual(tensor, twin.get(name), name);
  assert.equal(tensors.size, [...twin.keys()].filter((key) => !/^(bn|fc)\./.test(key)).length);
});

test("a state dict inside a dict is found, what lies beside it is left out; of two models one is named", () => {
  const { tensors } = readSafeTensors(snapshotBytes(readSnapshot(join(golden, "unet_zip.pth"))), "file");
  const path = join(folder, "prefixed.safetensors");
  const prefixed = (prefix: string) => Array.from(tensors, ([name, tensor]) => [prefix + name, tensor] as const);
  writeFileSync(path, writeSafeTensors(prefixed("state_dict.module.")));
  assert.equal(readSnapshot(path).state.layout.length, tensors.size);
  writeFileSync(path, writeSafeTensors([...prefixed("a."), ...prefixed("b.")]));
  assert.throws(() => readSnapshot(path, "two"), /two: holds 2 models: "a", "b"; name one of them with --key/);
  assert.equal(readSnapshot(path, "two", "b").state.layout.length, tensors.size);
  assert.throws(() => readSnapshot(path, "two", "c"), /two: has no state dict .* under "c"; use one of "a", "b"/);
  writeFileSync(
    path,
    writeSafeTensors([...prefixed("a."), ["optimiser.step", { type: "I64", shape: [], data: BigInt64Array.of(1n) }]]),
  );
  assert.deepEqual(readSnapshot(path, "more").leftOut, ["optimiser"]);
  writeFileSync(
    path,
    writeSafeTensors([...prefixed("a."), ["a.head.bias", { type: "F32", shape: [1], data: Float32Array.of(1) }]]),
  );
  assert.throws(() => readSnapshot(path, "more"), /more: key "head\.bias" is not of this network/);
  const uncounted = [...tensors].filter(([name]) => !name.endsWith("num_batches_tracked"));
  writeFileSync(path, writeSafeTensors(uncounted));
  const { state, startedAnew } = readSnapshot(path);
  assert.equal(startedAnew?.length, tensors.size - uncounted.length);
  for (const { role, offset } of state.layout) if (role === "counter") assert.equal(state.values[offset], 0);
  writeFileSync(path, writeSafeTensors([...tensors].slice(0, -1)));
  assert.throws(() => readSnapshot(path, "cut"), /cut: key ".*" is missing/);
  const plain = join(folder, "plain.pth");
  writeFileSync(plain, writeSafeTensors(tensors));
  assert.equal(readSnapshot(plain).state.layout.length, tensors.size, "known by its content, not by its name");
  assert.throws(
    () => readSnapshot(join(golden, "odd_zip.pth"), "odd"),
    /odd: has no key "encoder1\.enc1_conv1\.weight" among 15 tensors/,
  );
  assert.throws(() => readSnapshot(join(folder, "nowhere.pth"), "nowhere"), /cannot read nowhere \(ENOENT\)/);
  // A device has no end, and a folder no bytes.
  assert.throws(() => readSnapshot("/dev/zero", "zero"), /zero is no plain file/);
  assert.throws(() => readSnapshot(folder, "folder"), /folder is a folder/);
});
