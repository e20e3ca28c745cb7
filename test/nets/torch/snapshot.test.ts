import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { WorkbenchError } from "../../../lib/core/errors";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { unetFromSnapshot, type SnapshotEntry } from "../../../lib/nets/torch/snapshot";
import { torchShape, toTorch } from "../../../lib/nets/torch/torch-layout";

const shape = { inChannels: 2, classes: 3, features: 2 };
const { layout, values } = initialiseUNet(shape, createRandom(1));
const entries = (change: (map: Map<string, SnapshotEntry>) => void = () => {}) => {
  const map = new Map(
    layout.map((entry) => [
      entry.name,
      {
        shape: torchShape(entry),
        values: toTorch(values.subarray(entry.offset, entry.offset + entry.size), entry) as ArrayLike<number>,
      },
    ]),
  );
  change(map);
  return map;
};

test("the size of the network follows from the shapes; the unused heads are named and left out", () => {
  const read = unetFromSnapshot(
    entries((map) => map.set("fc.bias", { shape: [4], values: [1, 2, 3, 4] })),
    "file",
  );
  assert.deepEqual([read.shape, read.leftOut], [shape, ["fc.bias"]]);
  assert.deepEqual(read.state, { layout, values });
});

test("the key that is wrong is named", () => {
  const bias = "decoder2.dec2_bn1.bias";
  const faults: [RegExp, (map: Map<string, SnapshotEntry>) => void][] = [
    [/file: key "decoder2\.dec2_bn1\.bias" is missing/, (map) => map.delete(bias)],
    [
      /key "decoder2\.dec2_bn1\.bias" has shape \[5\], want \[4\] for 2 features/,
      (map) => map.set(bias, { shape: [5], values: [0, 0, 0, 0, 0] }),
    ],
    [/key "decoder2\.dec2_bn1\.bias" holds NaN/, (map) => map.set(bias, { shape: [4], values: [0, NaN, 0, 0] })],
    [
      /key "upconv1\.bn2\.running_var" is not of this network/,
      (map) => map.set("upconv1.bn2.running_var", { shape: [2], values: [1, 1] }),
    ],
    [
      /key "encoder1\.enc1_bn1\.running_var" holds -1/,
      (map) => map.set("encoder1.enc1_bn1.running_var", { shape: [2], values: [1, -1] }),
    ],
    [
      /key "encoder1\.enc1_conv1\.weight" has shape \[2,2,3\], want four axes/,
      (map) => map.set("encoder1.enc1_conv1.weight", { shape: [2, 2, 3], values: new Float32Array(12) }),
    ],
    [
      /has shape \[2\], want \[3\] for 3 features/,
      (map) => map.set("encoder1.enc1_conv1.weight", { shape: [3, 2, 3, 3], values: new Float32Array(54) }),
    ],
  ];
  for (const [message, change] of faults) {
    assert.throws(
      () => unetFromSnapshot(entries(change), "file"),
      (error) => error instanceof WorkbenchError && message.test(error.message),
      `${message}`,
    );
  }
});
