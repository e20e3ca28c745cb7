import { WorkbenchError } from "../core/errors";

/** What one datatype code of NIfTI means: its name, the bytes of one voxel, and how one voxel is read. */
interface VoxelType {
  readonly name: string;
  readonly bytes: number;
  readonly read: (view: DataView, offset: number, little: boolean) => number;
}

const voxelTypes: ReadonlyMap<number, VoxelType> = new Map([
  [2, { name: "uint8", bytes: 1, read: (view, offset) => view.getUint8(offset) }],
  [4, { name: "int16", bytes: 2, read: (view, offset, little) => view.getInt16(offset, little) }],
  [8, { name: "int32", bytes: 4, read: (view, offset, little) => view.getInt32(offset, little) }],
  [16, { name: "float32", bytes: 4, read: (view, offset, little) => view.getFloat32(offset, little) }],
  [64, { name: "float64", bytes: 8, read: (view, offset, little) => view.getFloat64(offset, little) }],
  [256, { name: "int8", bytes: 1, read: (view, offset) => view.getInt8(offset) }],
  [512, { name: "uint16", bytes: 2, read: (view, offset, little) => view.getUint16(offset, little) }],
  [768, { name: "uint32", bytes: 4, read: (view, offset, little) => view.getUint32(offset, little) }],
  [1024, { name: "int64", bytes: 8, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) }],
  [1280, { name: "uint64", bytes: 8, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) }],
] satisfies [number, VoxelType][]);

/** What the reader needs from a header of NIfTI-1 (348 bytes) or NIfTI-2 (540 bytes). */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  readonly type: VoxelType;
  readonly shape: readonly [depth: number, height: number, width: number];
  /** Millimetres, in the order of `shape`. */
  readonly spacing: readonly [depth: number, height: number, width: number];
  /** Where the voxels start, and how many bytes they take. */
  readonly offset: number;
  readonly voxelBytes: number;
  /** value = raw * slope + intercept; a slope of 0 in the file means none and becomes 1 and 0 here. */
  readonly slope: number;
  readonly intercept: number;
}

/** The header of either version fits into so many bytes. */
export const longestHeader = 540;

/**
 * Reads a header by the definitions nifti1.h and nifti2.h (https://nifti.nimh.nih.gov).
 * @param bytes at least the header's bytes
 * @throws WorkbenchError naming the file, the field and its value
 */
export function readNiftiHeader(bytes: Uint8Array, source: string): NiftiHeader {
  const broken = (what: string) =>
    new WorkbenchError(`${source}: ${what}`, "the file is damaged or not a single-file NIfTI; fetch it again");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 348) throw broken(`${bytes.length} bytes are too few for a NIfTI header (348)`);
  const size = [true, false].map((order) => view.getInt32(0, order));
  const littleEndian = size[0] === 348 || size[0] === 540;
  const headerBytes = littleEndian ? size[0] : size[1];
  if (headerBytes !== 348 && headerBytes !== 540) throw broken(`sizeof_hdr is ${size[0]}, want 348 or 540`);
  if (bytes.length < headerBytes) throw broken(`${bytes.length} bytes are too few for a NIfTI header (${headerBytes})`);
  const version = headerBytes === 348 ? 1 : 2;
  const magic = String.fromCharCode(...bytes.subarray(version === 1 ? 344 : 4, version === 1 ? 347 : 7));
  if (magic !== `n+${version}`) throw broken(`magic is ${JSON.stringify(magic)}, want "n+${version}"`);

  const short = (offset: number) => view.getInt16(offset, littleEndian);
  const long = (offset: number) => Number(view.getBigInt64(offset, littleEndian));
  const float = (offset: number) => view.getFloat32(offset, littleEndian);
  const double = (offset: number) => view.getFloat64(offset, littleEndian);
  const eight = Array.from({ length: 8 }, (_, index) => index);
  const fields =
    version === 1
      ? {
          dim: eight.map((i) => short(40 + 2 * i)),
          pixdim: eight.map((i) => float(76 + 4 * i)),
          type: short(70),
          offset: float(108),
          slope: float(112),
          intercept: float(116),
          units: view.getUint8(123),
        }
      : {
          dim: eight.map((i) => long(16 + 8 * i)),
          pixdim: eight.map((i) => double(104 + 8 * i)),
          type: short(12),
          offset: long(168),
          slope: double(176),
          intercept: double(184),
          units: view.getInt32(500, littleEndian),
        };

  const type = voxelTypes.get(fields.type);
  if (!type) throw broken(`datatype ${fields.type} is not supported`);
  const shape = shapeOf(fields.dim, broken);
  const spacing = spacingOf(fields.pixdim, fields.units, broken);
  if (!Number.isSafeInteger(fields.offset) || fields.offset < headerBytes)
    throw broken(`vox_offset is ${fields.offset}, want at least ${headerBytes}`);
  const voxelBytes = shape[0] * shape[1] * shape[2] * type.bytes;
  if (!Number.isSafeInteger(voxelBytes)) throw broken(`dim ${fields.dim.slice(1, 4)} is too large`);
  const scaled = Number.isFinite(fields.slope) && fields.slope !== 0;
  if (scaled && !Number.isFinite(fields.intercept)) throw broken(`scl_inter is ${fields.intercept}`);
  return {
    version,
    littleEndian,
    type,
    shape,
    spacing,
    offset: fields.offset,
    voxelBytes,
    slope: scaled ? fields.slope : 1,
    intercept: scaled ? fields.intercept : 0,
  };
}

/** dim[0] counts the axes; axes beyond the third must have one entry, since a case is one volume. */
function shapeOf(dim: readonly number[], broken: (what: string) => Error): NiftiHeader["shape"] {
  if (dim[0] < 1 || dim[0] > 7) throw broken(`dim[0] is ${dim[0]}, want 1 to 7`);
  const lengths = [1, 2, 3, 4, 5, 6, 7].map((axis) => (axis <= dim[0] ? dim[axis] : 1));
  lengths.forEach((length, index) => {
    if (!Number.isSafeInteger(length) || length < 1) throw broken(`dim[${index + 1}] is ${length}, want 1 or more`);
    if (index >= 3 && length !== 1) throw broken(`dim[${index + 1}] is ${length}: more than one volume`);
  });
  return [lengths[2], lengths[1], lengths[0]];
}

/**
 * xyzt_units holds metres (1), millimetres (2) or micrometres (3) in its lowest three bits; unknown (0) is read as millimetres.
 */
function spacingOf(pixdim: readonly number[], units: number, broken: (what: string) => Error): NiftiHeader["spacing"] {
  const scale = { 1: 1000, 3: 0.001 }[units & 7] ?? 1;
  const millimetres = [3, 2, 1].map((axis) => {
    if (!Number.isFinite(pixdim[axis]) || pixdim[axis] <= 0)
      throw broken(`pixdim[${axis}] is ${pixdim[axis]}, want a positive length`);
    return pixdim[axis] * scale;
  });
  return [millimetres[0], millimetres[1], millimetres[2]];
}
