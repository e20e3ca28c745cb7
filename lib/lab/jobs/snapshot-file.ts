import { readFileSync } from "node:fs";
import { WorkbenchError } from "../../core/errors";
import { toFloats } from "../../io/half";
import { readSafeTensors, writeSafeTensors, type StoredTensor } from "../../io/safetensors";
import { torchEntries } from "../../io/torch-entries";
import { readTorch } from "../../io/torch-file";
import { unetFromSnapshot, type Snapshot } from "../../nets/torch/snapshot";
import { torchShape, toTorch } from "../../nets/torch/torch-layout";

/** A key that every state dict of the official U-Net has; what stands before it (`state_dict.`, `module.`) stands before all. */
const landmark = "encoder1.enc1_conv1.weight";

/**
 * Reads a snapshot of the official U-Net: a file of `torch.save` (zip or legacy, never executed) or one converted to safetensors. A
 * state dict that lies in a dict is found; other tensors of the file are an error, except the official unused heads.
 * @throws WorkbenchError naming the file, the key and what is wrong
 */
export function readSnapshot(path: string, name = path): Snapshot {
  const tensors = readTensors(path, name);
  const prefixes = [...tensors.keys()].flatMap((key) =>
    key.endsWith(landmark) ? [key.slice(0, -landmark.length)] : [],
  );
  if (prefixes.length !== 1) {
    const what =
      prefixes.length === 0
        ? `has no key "${landmark}" among ${tensors.size} tensors`
        : `holds ${prefixes.length} models: ${prefixes.join(", ")}`;
    throw new WorkbenchError(`${name}: ${what}`, "give a file with one state dict of the official U-Net");
  }
  const [prefix] = prefixes;
  const entries = Array.from(tensors, ([key, tensor]) => {
    const inside = key.startsWith(prefix) ? key.slice(prefix.length) : key;
    return [inside, { shape: tensor.shape, values: toFloats(tensor) }] as const;
  });
  return unetFromSnapshot(new Map(entries), name);
}

/** @returns a safetensors file with the official names and PyTorch's axes; equal models give equal bytes */
export function snapshotBytes({ state }: Snapshot): Uint8Array {
  const tensors = state.layout.map((entry): [string, StoredTensor] => {
    const values = toTorch(state.values.subarray(entry.offset, entry.offset + entry.size), entry);
    const shape = torchShape(entry);
    // PyTorch cuts off the fraction of an averaged counter when it loads it.
    if (entry.role === "counter")
      return [
        entry.name,
        { type: "I64", shape, data: BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))) },
      ];
    return [entry.name, { type: "F32", shape, data: values }];
  });
  return writeSafeTensors(tensors);
}

function readTensors(path: string, name: string): ReadonlyMap<string, StoredTensor> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new WorkbenchError(
      `${name}: cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
      "check the path",
    );
  }
  if (/\.safetensors$/i.test(path)) return readSafeTensors(bytes, name).tensors;
  return torchEntries(readTorch(bytes, name), name);
}
