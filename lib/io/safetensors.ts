import { WorkbenchError } from "../core/errors";

export type TensorType = "F64" | "F32" | "I64" | "I32" | "U8";
export type TensorData = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor as it lies in a safetensors file: row-major, little-endian. */
export interface StoredTensor {
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface SafeTensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const types = { F64: Float64Array, F32: Float32Array, I64: BigInt64Array, I32: Int32Array, U8: Uint8Array } as const;
/** The format's own limit on its header. */
const maxHeaderBytes = 100_000_000;

/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors#format): nothing is allocated beyond the bytes given.
 * @param bytes the whole file
 * @param source the file's name, for errors
 */
export function readSafeTensors(bytes: Uint8Array, source: string): SafeTensors {
  const broken = (what: string) =>
    new WorkbenchError(`${source}: ${what}`, "the file is damaged or not safetensors; write it again");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw broken(`${bytes.length} bytes are too few for a header`);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes || 8 + headerBytes > bytes.length)
    throw broken(`header of ${headerBytes} bytes in a file of ${bytes.length}`);
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)), broken);
  const body = bytes.subarray(8 + headerBytes);

  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      if (!Object.values(entry as object).every((value) => typeof value === "string"))
        throw broken("__metadata__ holds something other than text");
      metadata = entry as Record<string, string>;
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = entry as { dtype: string; shape: number[]; data_offsets: number[] };
    if (!Object.hasOwn(types, dtype)) throw broken(`tensor "${name}" has unsupported dtype ${JSON.stringify(dtype)}`);
    const naturals = (list: unknown): list is number[] =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (!naturals(shape) || !naturals(offsets) || offsets.length !== 2)
      throw broken(`tensor "${name}" has no valid shape or offsets`);
    const type = dtype as TensorType;
    const [start, end] = offsets;
    const expected = shape.reduce((product, length) => product * length, types[type].BYTES_PER_ELEMENT);
    if (end > body.length || end - start !== expected)
      throw broken(`tensor "${name}" of shape [${shape}] does not fit bytes ${start}..${end} of ${body.length}`);
    // Not body.slice: of a Buffer it would share memory with the whole file.
    const copy = new Uint8Array(body.subarray(start, end)).buffer;
    tensors.set(name, { type, shape, data: new types[type](copy) });
  }
  return { tensors, metadata };
}

/** Writes tensors in the order given; equal content gives equal bytes. */
export function writeSafeTensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { type, shape, data }] of tensors) {
    const end = offset + data.byteLength;
    header[name] = { dtype: type, shape, data_offsets: [offset, end] };
    chunks.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  const text = JSON.stringify(header);
  const head = new TextEncoder().encode(
    text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8 - Buffer.byteLength(text) + text.length, " "),
  );
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(head.length), true);
  return Buffer.concat([length, head, ...chunks]);
}

function parseHeader(text: string, broken: (what: string) => Error): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw broken("the header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) throw broken("the header is not an object");
  for (const [name, entry] of Object.entries(header)) {
    if (typeof entry !== "object" || entry === null) throw broken(`entry "${name}" is not an object`);
  }
  return header as Record<string, unknown>;
}
