import { quote, WorkbenchError } from "../../core/errors";
import { readWhole } from "../../io/byte-source";
import { toFloats } from "../../io/half";
import { readSafeTensors, writeSafeTensors, type StoredTensor } from "../../io/safetensors";
import { torchEntries } from "../../io/torch-entries";
import { readTorch } from "../../io/torch-file";
import { unetFromSnapshot, type Snapshot } from "../../nets/torch/snapshot";
import { torchShape, toTorch } from "../../nets/torch/torch-layout";

/** A key that every state dict of the official U-Net has; what stands before it (`state_dict.`, `module.`) stands before all. */
const landmark = "encoder1.enc1_conv1.weight";

/**
 * Reads a snapshot of the official U-Net: a file of `torch.save` (zip or legacy, never executed) or one converted to safetensors,
 * whatever its name. Of a training checkpoint the one state dict of the network is read; what lies beside it (optimiser, scheduler,
 * counters of an average) is left out. Other tensors within the state dict are an error, except the official unused heads.
 * @param key of several state dicts the one that is meant: what stands before its names
 * @throws WorkbenchError naming the file, the key and what is wrong
 */
export function readSnapshot(path: string, name = path, key?: string): Snapshot {
  const tensors = readTensors(path, name);
  const prefix = prefixOf([...tensors.keys()], name, key);
  const inside = [...tensors].filter(([full]) => full.startsWith(prefix));
  const entries = inside.map(
    ([full, tensor]) => [full.slice(prefix.length), { shape: tensor.shape, values: toFloats(tensor) }] as const,
  );
  const read = unetFromSnapshot(new Map(entries), name);
  const beside = groupsOf([...tensors.keys()].filter((full) => !full.startsWith(prefix)));
  return { ...read, leftOut: [...read.leftOut, ...beside] };
}

/** What stands before the names of the network that is meant. */
function prefixOf(names: readonly string[], source: string, key?: string): string {
  const found = names.flatMap((name) => (name.endsWith(landmark) ? [name.slice(0, -landmark.length)] : []));
  const shown = found.slice(0, 8).map((prefix) => quote(prefix.replace(/\.$/, "")));
  if (key !== undefined) {
    const wanted = found.find((prefix) => prefix === key || prefix === `${key}.`);
    if (wanted !== undefined) return wanted;
    throw new WorkbenchError(
      `${source}: has no state dict of the official U-Net under ${quote(key)}`,
      shown.length > 0 ? `use one of ${shown.join(", ")}` : "give a file with one",
    );
  }
  if (found.length === 1) return found[0];
  if (found.length > 1)
    throw new WorkbenchError(
      `${source}: holds ${found.length} models: ${shown.join(", ")}`,
      "name one of them with --key, or give a file with one state dict of the official U-Net",
    );
  throw new WorkbenchError(
    `${source}: has no key "${landmark}" among ${names.length} tensors`,
    "give a file with one state dict of the official U-Net",
  );
}

/** Names by what stands before their first dot: `optimizer (236 tensors)`. */
function groupsOf(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const group = name.split(".")[0];
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  return Array.from(counts, ([group, count]) => (count === 1 ? group : `${group} (${count} tensors)`));
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
  const bytes = readWhole(path, name);
  // An eight-byte length, then JSON; neither a zip archive nor a pickle has a brace there.
  const packed = (bytes[0] === 0x50 && bytes[1] === 0x4b) || bytes[0] === 0x80;
  if (bytes[8] === 0x7b || (/\.safetensors$/i.test(path) && !packed)) return readSafeTensors(bytes, name).tensors;
  return torchEntries(readTorch(bytes, name), name);
}
