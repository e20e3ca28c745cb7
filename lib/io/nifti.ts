import { constants, gunzipSync } from "node:zlib";
import { gzipSync } from "fflate";
import { WorkbenchError } from "../core/errors";
import type { Affine } from "./nifti-space";
import { longestHeader, readNiftiHeader, type NiftiHeader } from "./nifti-header";

/** A volume as it lies in a NIfTI file: no reorientation by qform or sform, as SimpleITK's GetArrayFromImage gives it. */
export interface NiftiVolume<Voxels extends Float32Array | Int16Array | Uint8Array = Float32Array> {
  /** Row-major `[depth, height, width]`: the file's x runs fastest. */
  readonly voxels: Voxels;
  readonly shape: readonly [depth: number, height: number, width: number];
  /** Millimetres, in the order of `shape`. */
  readonly spacing: readonly [depth: number, height: number, width: number];
}

/** A volume that was read, with what its file says beside its voxels. */
export interface ReadVolume extends NiftiVolume {
  /** Where the voxels lie: see `Affine`; none where the file does not say. */
  readonly affine?: Affine;
  /** What is odd about the file and was read nevertheless, one line each. */
  readonly notes: readonly string[];
}

/** What may follow the voxels: extensions of other programs, padding. */
const mostTrailing = 2 ** 16;
/** Deflate cannot pack tighter than 1032 to 1 (https://zlib.net/zlib_tech.html). */
const tightestPacking = 1032;

/**
 * Reads `.nii` or `.nii.gz` of NIfTI-1 or -2 in either byte order; slope and intercept are applied in float64.
 * @param bytes the whole file; gzip is known by its first two bytes
 * @param source the file's name, for errors
 * @throws WorkbenchError naming the file, the field and its value; nothing is allocated beyond what the file can hold
 */
export function readNifti(bytes: Uint8Array, source: string): ReadVolume {
  const zipped = isGzip(bytes);
  const header = readNiftiHeader(niftiStart(bytes, source), source);
  const promised = header.offset + header.voxelBytes;
  const most = zipped ? bytes.length * tightestPacking : bytes.length;
  if (promised > most)
    throw tooShort(source, header, zipped ? `a gzip file of ${bytes.length} bytes` : `${bytes.length}`);
  const content = zipped ? unzip(bytes, promised, source) : bytes;
  if (promised > content.length) throw tooShort(source, header, `${content.length}`);
  return {
    voxels: readVoxels(content.subarray(header.offset, promised), header),
    shape: header.shape,
    spacing: header.spacing,
    affine: header.affine,
    notes: header.notes,
  };
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** @returns the first bytes of a `.nii` or `.nii.gz`, unpacked, in which its header lies. @throws WorkbenchError on damaged gzip */
export function niftiStart(bytes: Uint8Array, source: string): Uint8Array {
  return isGzip(bytes) ? unzipStart(bytes, source) : bytes.subarray(0, longestHeader);
}

/** To which sides of the body the axes run in what `writeNifti` writes, as `axisCodes` calls them. */
export const writtenAxes = "RAS";

/**
 * Writes NIfTI-1, little-endian, with an upright sform in millimetres. Equal content gives equal bytes on every machine: the gzip
 * header holds no time, and the compressor is JavaScript.
 */
export function writeNifti(
  { voxels, shape, spacing }: NiftiVolume<Float32Array | Int16Array | Uint8Array>,
  { gzip = true } = {},
): Uint8Array {
  const [datatype, bits] = voxels instanceof Float32Array ? [16, 32] : voxels instanceof Int16Array ? [4, 16] : [2, 8];
  if (shape[0] * shape[1] * shape[2] !== voxels.length)
    throw new RangeError(`${voxels.length} voxels for shape [${shape}]`);
  const file = new Uint8Array(352 + voxels.byteLength);
  const view = new DataView(file.buffer);
  view.setInt32(0, 348, true);
  [3, shape[2], shape[1], shape[0], 1, 1, 1, 1].forEach((length, i) => view.setInt16(40 + 2 * i, length, true));
  view.setInt16(70, datatype, true);
  view.setInt16(72, bits, true);
  [1, spacing[2], spacing[1], spacing[0]].forEach((length, i) => view.setFloat32(76 + 4 * i, length, true));
  view.setFloat32(108, 352, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 2);
  view.setInt16(254, 1, true);
  [spacing[2], spacing[1], spacing[0]].forEach((length, row) =>
    view.setFloat32(280 + 16 * row + 4 * row, length, true),
  );
  file.set([0x6e, 0x2b, 0x31, 0], 344);
  file.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength), 352);
  return gzip ? gzipSync(file, { mtime: 0 }) : file;
}

function readVoxels(bytes: Uint8Array, { type, littleEndian, slope, intercept }: NiftiHeader): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const voxels = new Float32Array(bytes.length / type.bytes);
  for (let i = 0; i < voxels.length; i++) voxels[i] = type.read(view, i * type.bytes, littleEndian) * slope + intercept;
  return voxels;
}

/**
 * Unzips as much of the start as a header needs, without asking for the end of the stream. Pieces grow until the header is whole,
 * so that a stream that swells is not unpacked further than its header, however much stands before it in fields of gzip.
 */
function unzipStart(bytes: Uint8Array, source: string): Uint8Array {
  for (let length = 256; ; length *= 2) {
    try {
      const start = gunzipSync(bytes.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 1024 });
      if (start.length >= longestHeader || length >= bytes.length) return start.subarray(0, longestHeader);
    } catch (error) {
      throw notGzip(source, error);
    }
  }
}

function unzip(bytes: Uint8Array, promised: number, source: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: promised + mostTrailing });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw notGzip(source, error);
    throw new WorkbenchError(
      `${source}: holds far more than the ${promised} bytes that its header promises`,
      "the file is damaged; fetch it again",
    );
  }
}

function notGzip(source: string, error: unknown): WorkbenchError {
  const { code, message } = error as NodeJS.ErrnoException;
  const what =
    code === "Z_BUF_ERROR"
      ? "the gzip stream ends too early (truncated file)"
      : `the gzip stream is damaged (${message})`;
  return new WorkbenchError(`${source}: ${what}`, "fetch the file again");
}

function tooShort(source: string, { shape, type, offset, voxelBytes }: NiftiHeader, present: string): WorkbenchError {
  const wanted = `shape [${shape}] of ${type.name} needs ${offset + voxelBytes} bytes`;
  return new WorkbenchError(`${source}: truncated: ${wanted}, there are ${present}`, "fetch the file again");
}
