import { WorkbenchError } from "../core/errors";
import { bytesPerValue, storedData, type StoredTensor, type TensorData, type TensorType } from "./safetensors";
import { gatherWindow } from "./strides";

/** What PyTorch calls the storages that a state dict may hold. */
export const storageTypes: ReadonlyMap<string, TensorType> = new Map([
  ["torch.DoubleStorage", "F64"],
  ["torch.FloatStorage", "F32"],
  ["torch.HalfStorage", "F16"],
  ["torch.BFloat16Storage", "BF16"],
  ["torch.LongStorage", "I64"],
  ["torch.IntStorage", "I32"],
  ["torch.ShortStorage", "I16"],
  ["torch.CharStorage", "I8"],
  ["torch.ByteStorage", "U8"],
  ["torch.BoolStorage", "BOOL"],
] satisfies [string, TensorType][]);

/** Types of tensors by name, for storages that are bytes alone. */
export const dtypes: ReadonlyMap<string, TensorType> = new Map([
  ["torch.float64", "F64"],
  ["torch.float32", "F32"],
  ["torch.float16", "F16"],
  ["torch.bfloat16", "BF16"],
  ["torch.int64", "I64"],
  ["torch.int32", "I32"],
  ["torch.int16", "I16"],
  ["torch.int8", "I8"],
  ["torch.uint16", "U16"],
  ["torch.uint8", "U8"],
  ["torch.bool", "BOOL"],
] satisfies [string, TensorType][]);

/** The memory behind tensors, by its key in the file: several views may share one. */
export class TorchStorage {
  constructor(
    readonly key: string,
    readonly type: TensorType,
    /** Values, not bytes. */
    readonly count: number,
  ) {}

  get bytes(): number {
    return this.count * bytesPerValue(this.type);
  }
}

/** A tensor as a window on a storage. `data` is filled in once the storages have been read. */
export class TorchTensor implements StoredTensor {
  data: TensorData = new Uint8Array(0);
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
    readonly type: TensorType = storage.type,
  ) {}

  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }
}

/**
 * Tensors may share a storage (tied weights), and expanded ones (stride 0) may be larger than theirs; together all tensors may take
 * so many times what is stored.
 */
const mostExpansion = 4;
const alwaysAllowed = 65_536;

/**
 * Copies every tensor out of its storage, row-major. @param bytesOf the little-endian bytes of a storage
 * @throws WorkbenchError when tensors would take far more memory than the file holds, before any is copied
 */
export function fillTensors(
  tensors: ReadonlySet<TorchTensor>,
  storages: Iterable<TorchStorage>,
  bytesOf: (storage: TorchStorage) => Uint8Array,
  source: string,
): void {
  const stored = [...storages].reduce((sum, { bytes }) => sum + bytes, 0);
  const wanted = [...tensors].reduce((sum, { size, type }) => sum + size * bytesPerValue(type), 0);
  if (!(wanted <= stored * mostExpansion + alwaysAllowed)) {
    throw new WorkbenchError(
      `${source}: tensors of ${wanted} bytes from storages of ${stored}`,
      "the file is damaged; fetch it again",
    );
  }
  const values = new Map<TorchStorage, Map<TensorType, TensorData>>();
  for (const tensor of tensors) {
    const { storage, type } = tensor;
    const views = values.get(storage) ?? new Map<TensorType, TensorData>();
    values.set(storage, views);
    if (!views.has(type)) {
      const bytes = bytesOf(storage);
      views.set(type, storedData(type, bytes.subarray(0, bytes.length - (bytes.length % bytesPerValue(type)))));
    }
    tensor.data = gatherWindow(views.get(type) as TensorData, tensor);
  }
}

/** @returns whether all elements lie inside the storage */
export function liesInside({ storage, type, offset, shape, stride, size }: TorchTensor): boolean {
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * stride[axis], offset);
  return size === 0 || (Number.isSafeInteger(size) && (last + 1) * bytesPerValue(type) <= storage.bytes);
}
