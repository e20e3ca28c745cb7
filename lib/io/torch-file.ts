import { WorkbenchError } from "../core/errors";
import { PickleGlobal, readPickle, type PickleHooks, type PickleValue } from "./pickle";
import { fillTensors, liesInside, storageTypes, TorchStorage, TorchTensor } from "./torch-tensor";
import { bytesPerValue, type StoredTensor } from "./safetensors";
import { swapBytes } from "./swap-bytes";
import { openZip } from "./zip";

/** What `torch.save` wrote: tensors in dicts, lists and beside plain values. Tuples are lists. */
export type TorchValue =
  null | boolean | number | bigint | string | StoredTensor | TorchValue[] | Map<string | number, TorchValue>;

type Value = PickleValue<TorchTensor | TorchStorage>;

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
  if (pickles.length !== 1) throw damaged(source, `is a zip archive with ${pickles.length} files data.pkl, want 1`);
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
  if (bytes[0] !== 0x80) throw damaged(source, "is neither a zip archive nor a pickle, so torch.save did not write it");
  const magic = readPickle(bytes, 0, nothing, source);
  if (magic.value !== legacyMagic) throw damaged(source, "is a pickle, but torch.save did not write it");
  const protocol = readPickle(bytes, magic.end, nothing, source);
  if (protocol.value !== legacyProtocol)
    throw damaged(source, `protocol is ${String(protocol.value)}, want ${legacyProtocol}`);
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

/** What stands in for PyTorch: it notes tensors and storages, and knows no other function. */
function stateDictHooks(source: string) {
  const tensors: TorchTensor[] = [];
  const storages = new Map<string, TorchStorage>();
  const hooks: PickleHooks<TorchTensor | TorchStorage> = {
    globals: new Set([
      "collections.OrderedDict",
      "torch._utils._rebuild_tensor_v2",
      "torch._utils._rebuild_parameter",
      ...storageTypes.keys(),
    ]),
    call(name, parameters) {
      if (name === "collections.OrderedDict" && parameters.length === 0) return new Map();
      if (name === "torch._utils._rebuild_parameter" && parameters[0] instanceof TorchTensor) return parameters[0];
      if (name !== "torch._utils._rebuild_tensor_v2")
        throw damaged(source, `calls ${name} with ${parameters.length} values, which makes no state dict`);
      const tensor = rebuildTensor(parameters);
      if (!tensor) throw damaged(source, `tensor ${tensors.length} has no valid storage, offset, shape or stride`);
      tensors.push(tensor);
      return tensor;
    },
    persistent(id) {
      const storage = storageOf(id);
      if (!storage) throw damaged(source, "a persistent id names no storage");
      const known = storages.get(storage.key);
      if (known && (known.type !== storage.type || known.count !== storage.count))
        throw damaged(source, `storage ${storage.key} is described in two ways`);
      if (!known) storages.set(storage.key, storage);
      return known ?? storage;
    },
  };
  return { hooks, tensors, storages };
}

/** `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata)`: torch/_utils.py */
function rebuildTensor([storage, offset, shape, stride, , , metadata]: readonly Value[]): TorchTensor | undefined {
  const naturals = (list: Value): list is number[] => Array.isArray(list) && list.length <= 64 && list.every(isNatural);
  if (!(storage instanceof TorchStorage) || !isNatural(offset) || !naturals(shape) || !naturals(stride))
    return undefined;
  // Metadata tell of conjugated or negated views, which no state dict holds.
  if (shape.length !== stride.length || (metadata ?? null) !== null) return undefined;
  const tensor = new TorchTensor(storage, offset, shape, stride);
  return liesInside(tensor) ? tensor : undefined;
}

/** `("storage", type, key, device, count)`, in legacy files with a view of it that is None since torch 0.4. */
function storageOf(id: Value): TorchStorage | undefined {
  if (!Array.isArray(id)) return undefined;
  const [tag, type, key, , count, view] = id;
  const known = type instanceof PickleGlobal ? storageTypes.get(type.name) : undefined;
  if (
    tag !== "storage" ||
    !known ||
    typeof key !== "string" ||
    key.length > 40 ||
    !isNatural(count) ||
    (view ?? null) !== null
  )
    return undefined;
  return new TorchStorage(key, known, count);
}

const isNatural = (value: Value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function damaged(source: string, what: string): WorkbenchError {
  return new WorkbenchError(
    `${source}: ${what}`,
    "give a file that torch.save wrote, and fetch it again if it is damaged",
  );
}
