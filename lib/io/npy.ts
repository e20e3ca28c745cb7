import { quote, WorkbenchError } from "../core/errors";
import { bytesPerValue, storedData, type StoredTensor, type TensorData, type TensorType } from "./safetensors";
import { gatherWindow } from "./strides";
import { swapBytes } from "./swap-bytes";
import { openZip } from "./zip";

/** NumPy's names of the types that are read; the byte order stands before them. */
const types: ReadonlyMap<string, TensorType> = new Map([
  ["f8", "F64"],
  ["f4", "F32"],
  ["f2", "F16"],
  ["i8", "I64"],
  ["i4", "I32"],
  ["i2", "I16"],
  ["i1", "I8"],
  ["u2", "U16"],
  ["u1", "U8"],
  ["b1", "BOOL"],
] satisfies [string, TensorType][]);

const magic = "\x93NUMPY";
/** NumPy writes 128 bytes; a long list of lengths may take more. */
const longestHeader = 10_000;

/**
 * Reads an array of NumPy by NEP 1, versions 1 to 3; Fortran order is turned into row-major. The header is matched, never
 * evaluated, and arrays of objects (pickles) are refused.
 * @param bytes the whole file @param source the file's name, for errors
 * @throws WorkbenchError naming the file, the field and its value
 */
export function readNpy(bytes: Uint8Array, source: string): StoredTensor {
  const broken = (what: string) => new WorkbenchError(`${source}: ${what}`, "write it with numpy.save, as numbers");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== magic) throw broken("is no .npy file");
  const version = bytes[6];
  if (version < 1 || version > 3) throw broken(`version is ${version}, want 1 to 3`);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader || start + length > bytes.length)
    throw broken(`header of ${length} bytes in a file of ${bytes.length}`);
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const match =
    /^\{'descr': '([<>|=])([a-zA-Z]\d{0,4})', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), ?\}\s*$/.exec(
      header,
    );
  if (!match) throw broken(`header ${JSON.stringify(header.slice(0, 100).trim())} is not that of an array of numbers`);
  const [, order, code, fortran, lengths] = match;
  const type = types.get(code);
  if (!type) throw broken(`dtype "${order}${code}" is not supported`);
  const shape = lengths
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  const width = bytesPerValue(type);
  const size = shape.reduce((product, axis) => product * axis, width);
  const body = bytes.subarray(start + length);
  if (shape.length > 32 || size !== body.length)
    throw broken(`shape (${shape.slice(0, 32)}) of ${code} needs ${size} bytes, there are ${body.length}`);
  const data = storedData(type, order === ">" ? swapBytes(body, width) : body);
  return { type, shape, data: fortran === "True" && shape.length > 1 ? fromFortran(data, shape) : data };
}

/**
 * Reads an archive of `numpy.savez` or `savez_compressed`, each array by its name without `.npy`. @throws WorkbenchError as
 * `readNpy`
 */
export function readNpz(bytes: Uint8Array, source: string): Map<string, StoredTensor> {
  const archive = openZip(bytes, source);
  const arrays = new Map<string, StoredTensor>();
  for (const entry of archive.names) {
    const name = entry.replace(/\.npy$/, "");
    if (arrays.has(name)) throw new WorkbenchError(`${source}: ${quote(name)} is there twice`, "keep one of the two");
    arrays.set(name, readNpy(archive.read(entry), `${source}: ${quote(entry)}`));
  }
  return arrays;
}

/** Whether a file is one of NumPy by its first bytes: an array, or an archive. */
export const isNumpy = ([first, second]: Uint8Array): boolean =>
  (first === 0x93 && second === 0x4e) || (first === 0x50 && second === 0x4b);

/** Reads the one array of a `.npy` file, or of a `.npz` archive that holds no other. @throws WorkbenchError as `readNpy` */
export function readNumpy(bytes: Uint8Array, source: string): StoredTensor {
  if (bytes[0] !== 0x50) return readNpy(bytes, source);
  const arrays = readNpz(bytes, source);
  const [array] = arrays.values();
  if (arrays.size === 1) return array;
  const names = [...arrays.keys()].slice(0, 5).map(quote).join(", ");
  throw new WorkbenchError(
    `${source} holds ${arrays.size} arrays${names && `, such as ${names}`}, where one is wanted`,
    "save image and mask in files of their own",
  );
}

/** Values whose first axis runs fastest. */
function fromFortran(values: TensorData, shape: readonly number[]): TensorData {
  const stride = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  return gatherWindow(values, { offset: 0, shape, stride });
}
