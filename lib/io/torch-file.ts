import { WorkbenchError } from "../core/errors";
import { notA } from "./file-kind";
import type { PickleObject } from "./pickle";
import { inWords, readPickle, type PickleHooks } from "./pickle";
import { stateDictHooks } from "./torch-hooks";
import { fillTensors, type TorchStorage } from "./torch-tensor";
import { bytesPerValue, type StoredTensor } from "./safetensors";
import { swapBytes } from "./swap-bytes";
import { openZip } from "./zip";

/** What `torch.save` wrote: tensors in dicts, lists and beside plain values. Tuples are lists. */
export type TorchValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | StoredTensor
  | PickleObject
  | TorchValue[]
  | Map<string | number, TorchValue>;

/** The first pickle of a legacy file (torch/serialization.py, MAGIC_NUMBER). */
const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyProtocol = 1001;

/**
 * Reads a file of `torch.save`, zip or legacy, without executing anything: a state dict needs three functions of Python, which
 * are imitated here, and the names of storages; every other name is refused. Sizes are checked before memory is taken.
 * @param bytes the whole file @param source the file's name, for errors
 * @throws WorkbenchError naming the file and what is wrong
 */
export function readTorch(bytes: Uint8Array, source: string): TorchValue {
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? readZip(bytes, source) : readLegacy(bytes, source);
}

function readZip(bytes: Uint8Array, source: string): TorchValue {
  const archive = openZip(bytes, source);
  const pickles = archive.names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) throw notOfTorch(archive.names, pickles.length, source);
  if (archive.size > mostUnpacking * bytes.length + alwaysAllowed)
    throw damaged(source, `unpacks to ${archive.size} bytes from ${bytes.length}, which torch.save never packs`);
  const folder = pickles[0].slice(0, -"data.pkl".length);
  const order = archive.names.includes(`${folder}byteorder`)
    ? new TextDecoder().decode(archive.read(`${folder}byteorder`))
    : "little";
  if (order !== "little" && order !== "big")
    throw damaged(source, `byteorder is ${JSON.stringify(order.slice(0, 20))}`);
  const { hooks, tensors, storages } = stateDictHooks(source);
  const { value } = readPickle(archive.read(pickles[0]), 0, hooks, source);
  fillTensors(
    tensors,
    storages.values(),
    (storage) => {
      const content = archive.read(`${folder}data/${storage.key}`);
      if (content.length !== storage.bytes)
        throw damaged(source, `storage ${storage.key} has ${content.length} bytes, want ${storage.bytes}`);
      return order === "little" ? content : swapBytes(content, bytesPerValue(storage.type));
    },
    source,
  );
  return value as TorchValue;
}

/** Four pickles (magic, protocol, system, value), one with the keys of the storages, then each storage: its count, its values. */
function readLegacy(bytes: Uint8Array, source: string): TorchValue {
  const nothing: PickleHooks<never> = { globals: new Set(), call: () => null, persistent: () => null };
  if (bytes[0] !== 0x80)
    throw notA("a file of torch.save", bytes, source, "is neither a zip archive nor a pickle", giveTorch);
  const magic = readPickle(bytes, 0, nothing, source);
  if (magic.value !== legacyMagic) throw damaged(source, "is a pickle, but torch.save did not write it");
  const protocol = readPickle(bytes, magic.end, nothing, source);
  if (protocol.value !== legacyProtocol)
    throw damaged(source, `protocol is ${inWords(protocol.value)}, want ${legacyProtocol}`);
  const system = readPickle(bytes, protocol.end, nothing, source);
  const { hooks, tensors, storages } = stateDictHooks(source);
  const { value, end } = readPickle(bytes, system.end, hooks, source);
  const keys = readPickle(bytes, end, nothing, source);
  if (!Array.isArray(keys.value) || keys.value.length !== storages.size)
    throw damaged(source, "its list of storages is not that of its tensors");

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const contents = new Map<TorchStorage, Uint8Array>();
  let at = keys.end;
  for (const key of keys.value) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (!storage || contents.has(storage)) throw damaged(source, "its list of storages is not that of its tensors");
    const content = at + 8 + storage.bytes;
    if (content > bytes.length)
      throw damaged(source, `truncated: storage ${storage.key} ends at byte ${content} of ${bytes.length}`);
    const count = Number(view.getBigInt64(at, true));
    if (count !== storage.count)
      throw damaged(source, `storage ${storage.key} has ${count} values, want ${storage.count}`);
    contents.set(storage, bytes.subarray(at + 8, content));
    at = content;
  }
  fillTensors(tensors, storages.values(), (storage) => contents.get(storage) as Uint8Array, source);
  return value as TorchValue;
}

/** What a zip archive is in which no state dict lies. */
function notOfTorch(names: readonly string[], pickles: number, source: string): WorkbenchError {
  const is = names.every((name) => name.endsWith(".npy"))
    ? "an archive of NumPy arrays (.npz)"
    : names.some((name) => /^[^/]+\/(constants\.pkl|code\/)/.test(name))
      ? "a TorchScript archive (torch.jit.save)"
      : `a zip archive with ${pickles} files data.pkl, want 1`;
  return new WorkbenchError(`${source}: is ${is}`, "save its weights with torch.save(model.state_dict(), file)");
}

/** torch.save packs nothing; somebody may have zipped the archive anew. */
const mostUnpacking = 20;
const alwaysAllowed = 2 ** 24;
const giveTorch = "give a file that torch.save wrote, and fetch it again if it is damaged";

function damaged(source: string, what: string): WorkbenchError {
  return new WorkbenchError(`${source}: ${what}`, giveTorch);
}
