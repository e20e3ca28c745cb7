import { quote, WorkbenchError } from "../core/errors";
import { nestsDeeper } from "./json-depth";

/** What the bytes of each dtype are kept in; 16-bit floats stay bits (see `half.ts`), booleans are 0 or 1. */
const types = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

export type TensorType = keyof typeof types;
export type TensorData =
  Float64Array | Float32Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint16Array | Uint8Array;

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

/** The format lets a header have 100 MB; that of 10,000 tensors takes one. */
const maxHeaderBytes = 2_000_000;
/** Objects and lists within each other; an entry takes three. */
const deepest = 8;
const mostAxes = 32;

/** @returns the bytes of one value */
export const bytesPerValue = (type: TensorType): number => types[type].BYTES_PER_ELEMENT;

/** Copies the bytes of a row-major, little-endian tensor, so that no memory is shared with the file they come from. */
export function storedData(type: TensorType, bytes: Uint8Array): TensorData {
  return new types[type](new Uint8Array(bytes).buffer);
}

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
  const header = parseHeader(bytes.subarray(8, 8 + headerBytes), broken);
  const body = bytes.subarray(8 + headerBytes);

  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  let taken = 0;
  const spans: (readonly [start: number, end: number])[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      if (Array.isArray(entry) || !Object.values(entry as object).every((value) => typeof value === "string"))
        throw broken("__metadata__ holds something other than text");
      metadata = entry as Record<string, string>;
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = entry as { dtype: string; shape: number[]; data_offsets: number[] };
    if (!Object.hasOwn(types, dtype))
      throw broken(`tensor ${quote(name)} has unsupported dtype ${quote(String(dtype))}`);
    const naturals = (list: unknown): list is number[] =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (!naturals(shape) || !naturals(offsets) || offsets.length !== 2 || shape.length > mostAxes)
      throw broken(`tensor ${quote(name)} has no valid shape or offsets`);
    const type = dtype as TensorType;
    const [start, end] = offsets;
    const expected = shape.reduce((product, length) => product * length, types[type].BYTES_PER_ELEMENT);
    if (end > body.length || end - start !== expected)
      throw broken(`tensor ${quote(name)} of shape [${shape}] does not fit bytes ${start}..${end} of ${body.length}`);
    // Tensors that share bytes could together be far larger than the file.
    taken += expected;
    if (taken > body.length)
      throw broken(`tensors overlap: ${taken} bytes up to ${quote(name)} in a body of ${body.length}`);
    spans.push([start, end]);
    tensors.set(name, { type, shape, data: storedData(type, body.subarray(start, end)) });
  }
  const gap = gapIn(spans, body.length);
  if (gap !== undefined) throw broken(`its tensors do not lie one behind the other (at byte ${gap} of ${body.length})`);
  return { tensors, metadata };
}

/** Tensors lie one behind the other and fill the file, as its format has it: bytes that none claims tell of a damaged header. */
function gapIn(spans: readonly (readonly [start: number, end: number])[], length: number): number | undefined {
  let next = 0;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== next) return next;
    next = end;
  }
  return next === length ? undefined : next;
}

/** Writes tensors in the order given; equal content gives equal bytes. */
export function writeSafeTensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const all = [...tensors];
  return Buffer.concat([
    safeTensorsHead(all, metadata),
    ...all.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

/**
 * @returns a file up to its first tensor; the bytes of the tensors follow in the same order, so that they can be written one by
 * one
 */
export function safeTensorsHead(
  tensors: Iterable<readonly [string, Pick<StoredTensor, "type" | "shape">]>,
  metadata: Record<string, string> = {},
): Uint8Array {
  // Without a prototype, a tensor may have any name.
  const header = Object.create(null) as Record<string, unknown>;
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let offset = 0;
  for (const [name, { type, shape }] of tensors) {
    const end = offset + shape.reduce((product, length) => product * length, bytesPerValue(type));
    header[name] = { dtype: type, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(header);
  const head = new TextEncoder().encode(
    text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8 - Buffer.byteLength(text) + text.length, " "),
  );
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(head.length), true);
  return Buffer.concat([length, head]);
}

function parseHeader(bytes: Uint8Array, broken: (what: string) => Error): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw broken("the header is not UTF-8");
  }
  if (nestsDeeper(bytes, deepest)) throw broken(`the header nests more than ${deepest} deep`);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw broken("the header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw broken("the header is not an object");
  for (const [name, entry] of Object.entries(header)) {
    if (typeof entry !== "object" || entry === null) throw broken(`entry ${quote(name)} is not an object`);
  }
  return header as Record<string, unknown>;
}
