import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { layoutSize } from "../../lib/core/layout";
import { toFloats } from "../../lib/io/half";
import { readSafeTensors, type StoredTensor } from "../../lib/io/safetensors";
import { torchEntries } from "../../lib/io/torch-entries";
import { readTorch, type TorchValue } from "../../lib/io/torch-file";
import { TorchTensor } from "../../lib/io/torch-tensor";
import { readSnapshot } from "../../lib/lab/jobs/snapshot-file";
import { toTorch } from "../../lib/nets/torch/torch-layout";
import type { GoldenCase, GoldenCheck } from "./golden-case";

interface OddFacts {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly storage_offset: number;
}

const dtypes = {
  float16: "F16",
  bfloat16: "BF16",
  float32: "F32",
  float64: "F64",
  int64: "I64",
  int32: "I32",
  uint8: "U8",
  bool: "BOOL",
};

/** Files of torch.save, zip and legacy, beside their twins: every tensor of every twin, bit by bit. */
export const check: GoldenCheck = {
  name: "checkpoint",
  engine: false,
  run(golden) {
    for (const container of ["zip", "legacy"]) {
      const odd = readAll(golden, `odd_${container}.pth`);
      compareWithTwin(golden, `odd_${container}`, odd, twin(golden, "odd"));
      for (const [name, { dtype, ...window }] of Object.entries(golden.json.odd as Record<string, OddFacts>)) {
        const tensor = odd.get(name);
        assert.ok(tensor instanceof TorchTensor, name);
        const { shape, stride, offset, type } = tensor;
        assert.deepEqual(
          { type, shape, stride, storage_offset: offset },
          { type: dtypes[dtype as keyof typeof dtypes], ...unshared(window) },
          name,
        );
      }
      const unet = readAll(golden, `unet_${container}.pth`);
      assert.deepEqual([...unet.keys()], golden.json.unet_keys_in_order);
      compareWithTwin(golden, `unet_${container}`, unet, twin(golden, "unet"));
      checkMapping(golden, `unet_${container}.pth`);
    }
    checkNested(golden);
  },
};

const pathOf = (golden: GoldenCase, name: string) => join(golden.folder, "checkpoint", name);
const readValue = (golden: GoldenCase, name: string): TorchValue => readTorch(readFileSync(pathOf(golden, name)), name);
const readAll = (golden: GoldenCase, name: string) => torchEntries(readValue(golden, name), name);
const twin = (golden: GoldenCase, name: string) =>
  readSafeTensors(readFileSync(pathOf(golden, `${name}_twin.safetensors`)), name).tensors;
const unshared = ({ shape, stride, storage_offset }: Omit<OddFacts, "dtype">) => ({ shape, stride, storage_offset });
const bitsOf = ({ data }: StoredTensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function compareWithTwin(
  golden: GoldenCase,
  label: string,
  got: ReadonlyMap<string, StoredTensor>,
  want: ReadonlyMap<string, StoredTensor>,
): void {
  assert.deepEqual([...got.keys()].sort(), [...want.keys()].sort(), label);
  for (const [name, stored] of want) {
    const { type, shape } = got.get(name) as StoredTensor;
    assert.deepEqual([type, shape], [stored.type, stored.shape], `${label} ${name}`);
    golden.compareWithin(`${label} ${name}`, bitsOf(got.get(name) as StoredTensor), bitsOf(stored), 0);
  }
}

/** The project's own model holds the numbers of the twin, and names what it has no use for. */
function checkMapping(golden: GoldenCase, name: string): void {
  const { shape, state, leftOut } = readSnapshot(pathOf(golden, name), name);
  const stored = twin(golden, "unet");
  assert.equal(shape.features, (golden.json.settings as { width: number }).width);
  assert.deepEqual([...state.layout.map((entry) => entry.name), ...leftOut].sort(), [...stored.keys()].sort());
  assert.ok(
    leftOut.every((key) => /^(bn|fc)\./.test(key)),
    leftOut.join(),
  );
  assert.equal(layoutSize(state.layout), state.values.length);
  for (const entry of state.layout) {
    const values = toTorch(state.values.subarray(entry.offset, entry.offset + entry.size), entry);
    golden.compareWithin(
      `${name} as a model, ${entry.name}`,
      values,
      toFloats(stored.get(entry.name) as StoredTensor),
      0,
    );
  }
}

function checkNested(golden: GoldenCase): void {
  const value = readValue(golden, "nested_zip.pth");
  assert.ok(value instanceof Map);
  const { state_dict: inner, ...plain } = Object.fromEntries(value) as Record<string, TorchValue>;
  assert.deepEqual(plain, golden.json.nested);
  assert.ok(inner instanceof Map);
  const odd = twin(golden, "odd");
  compareWithTwin(
    golden,
    "nested",
    torchEntries(inner, "nested"),
    new Map([
      ["a", odd.get("slice")],
      ["b", odd.get("long")],
    ] as [string, StoredTensor][]),
  );
}
