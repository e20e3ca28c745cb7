import { WorkbenchError } from "../core/errors";
import { inWords, PickleGlobal, PickleObject, type PickleHooks, type PickleValue } from "./pickle";
import { dtypes, liesInside, storageTypes, TorchStorage, TorchTensor } from "./torch-tensor";

type Value = PickleValue<TorchTensor | TorchStorage>;

/** Storages without a type: bytes, as `_rebuild_tensor_v3` takes them. */
const untyped = ["torch.storage.UntypedStorage", "torch.UntypedStorage"];

/** Dicts, lists and sets by other names; what they hold is kept, what they are is not. */
const dicts = ["collections.OrderedDict", "collections.defaultdict", "collections.Counter"];
const lists = ["torch.Size", "__builtin__.set", "builtins.set", "__builtin__.frozenset", "builtins.frozenset"];

/** What checkpoints hold beside tensors and has no content for us: torch's own safe list, and numbers of NumPy. */
const beside = [
  "torch.device",
  "torch.Tensor",
  "torch.nn.parameter.Parameter",
  "torch.nn.parameter.Buffer",
  "_codecs.encode",
  "numpy.dtype",
  "numpy.ndarray",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "argparse.Namespace",
  "copy_reg._reconstructor",
  "copyreg._reconstructor",
  "__builtin__.object",
  "builtins.object",
  "builtins.bytearray",
  "__builtin__.bytearray",
];

/** How a tensor is made: which parameter is what (torch/_utils.py). */
const rebuild = "torch._utils._rebuild_tensor";
const makers: Readonly<Record<string, (parameters: readonly Value[]) => TorchTensor | undefined>> = {
  [rebuild]: ([storage, offset, shape, stride]) => tensorOf(storage, offset, shape, stride),
  // (storage, offset, size, stride, requires_grad, hooks, metadata); metadata tell of conjugated or negated views.
  [`${rebuild}_v2`]: ([storage, offset, shape, stride, , , metadata]) =>
    (metadata ?? null) === null ? tensorOf(storage, offset, shape, stride) : undefined,
  // (storage, offset, size, stride, requires_grad, hooks, dtype, metadata)
  [`${rebuild}_v3`]: ([storage, offset, shape, stride, , , dtype, metadata]) =>
    (metadata ?? null) === null ? tensorOf(storage, offset, shape, stride, dtype) : undefined,
  "torch._utils._rebuild_parameter": ([tensor]) => (tensor instanceof TorchTensor ? tensor : undefined),
  "torch._utils._rebuild_parameter_with_state": ([tensor]) => (tensor instanceof TorchTensor ? tensor : undefined),
  // (function, type, its parameters, attributes)
  "torch._tensor._rebuild_from_type_v2": ([maker, , parameters]) =>
    maker instanceof PickleGlobal && maker.name.startsWith("torch._utils.") && Array.isArray(parameters)
      ? makers[maker.name]?.(parameters)
      : undefined,
};

/** What stands in for PyTorch: it notes tensors and storages, keeps plain data, and runs nothing. */
export function stateDictHooks(source: string) {
  const tensors = new Set<TorchTensor>();
  const storages = new Map<string, TorchStorage>();
  const refuse = (what: string) =>
    new WorkbenchError(`${source}: ${what}`, "give a file that torch.save wrote, and fetch it again if it is damaged");
  const hooks: PickleHooks<TorchTensor | TorchStorage> = {
    globals: known,
    call(name, parameters) {
      if (Object.hasOwn(makers, name)) {
        const tensor = makers[name](parameters);
        if (!tensor) throw refuse(`tensor ${tensors.size} has no valid storage, offset, type, shape or stride`);
        tensors.add(tensor);
        return tensor;
      }
      const [first] = parameters;
      if (dicts.includes(name)) {
        const factory = name === "collections.defaultdict" && (first === null || first instanceof PickleGlobal);
        if (parameters.length === 0 || factory) return new Map();
        if (parameters.length === 1 && first instanceof Map) return first;
      }
      if (lists.includes(name) && parameters.length <= 1 && (first === undefined || Array.isArray(first)))
        return first ?? [];
      if (beside.includes(name)) return new PickleObject(name);
      throw refuse(`calls ${name} with ${parameters.length} values, which makes no state dict`);
    },
    refusal: (name) =>
      (/^(__main__|[\w.]+)\.[A-Z]\w*$/.test(name) && !/^(os|sys|subprocess|builtins|__builtin__|torch)\./.test(name)) ||
      /^torch\.nn\.modules\./.test(name)
        ? {
            problem: "a class, so that it is a whole pickled module or object and no state dict",
            hint: "nothing of it was run; ask its author to save model.state_dict()",
          }
        : undefined,
    persistent(id) {
      const storage = storageOf(id);
      if (!storage) throw refuse(`a persistent id names no storage (${inWords(id)})`);
      const same = storages.get(storage.key);
      if (same && (same.type !== storage.type || same.count !== storage.count))
        throw refuse(`storage ${storage.key} is described in two ways`);
      if (!same) storages.set(storage.key, storage);
      return same ?? storage;
    },
  };
  return { hooks, tensors, storages };
}

const known: ReadonlySet<string> = new Set([
  ...dicts,
  ...lists,
  ...beside,
  ...untyped,
  ...Object.keys(makers),
  ...storageTypes.keys(),
  ...dtypes.keys(),
]);

function tensorOf(storage: Value, offset: Value, shape: Value, stride: Value, dtype?: Value): TorchTensor | undefined {
  const naturals = (list: Value): list is number[] => Array.isArray(list) && list.length <= 64 && list.every(isNatural);
  if (!(storage instanceof TorchStorage) || !isNatural(offset) || !naturals(shape) || !naturals(stride))
    return undefined;
  const type = dtype === undefined ? storage.type : dtype instanceof PickleGlobal ? dtypes.get(dtype.name) : undefined;
  if (type === undefined || shape.length !== stride.length) return undefined;
  const tensor = new TorchTensor(storage, offset, shape, stride, type);
  return liesInside(tensor) ? tensor : undefined;
}

/** `("storage", type, key, device, count)`, in legacy files with a view of it that is None since torch 0.4. */
function storageOf(id: Value): TorchStorage | undefined {
  if (!Array.isArray(id)) return undefined;
  const [tag, type, key, , count, view] = id;
  const name = type instanceof PickleGlobal ? type.name : "";
  const known = untyped.includes(name) ? "U8" : storageTypes.get(name);
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
