import { WorkbenchError } from "../core/errors";
import { notA } from "./file-kind";
import { affineOf, type Affine } from "./nifti-space";
import { spacingOf } from "./nifti-spacing";
import { voxelTypeOf, type VoxelType } from "./nifti-types";

/** What the reader needs from a header of NIfTI-1 (348 bytes) or NIfTI-2 (540 bytes). */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  readonly type: VoxelType;
  readonly shape: readonly [depth: number, height: number, width: number];
  /** Millimetres, in the order of `shape`. */
  readonly spacing: readonly [depth: number, height: number, width: number];
  /** Where the file says that its voxels lie; none where it does not say. */
  readonly affine?: Affine;
  /** What is odd about the header. */
  readonly notes: readonly string[];
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
  const { littleEndian, headerBytes } = sizeOf(bytes, source);
  if (bytes.length < headerBytes) throw broken(`${bytes.length} bytes are too few for a NIfTI header (${headerBytes})`);
  const version = headerBytes === 348 ? 1 : 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  const short = (offset: number) => view.getInt16(offset, littleEndian);
  const long = (offset: number) => Number(view.getBigInt64(offset, littleEndian));
  const float = (offset: number) => view.getFloat32(offset, littleEndian);
  const double = (offset: number) => view.getFloat64(offset, littleEndian);
  const twelve = Array.from({ length: 12 }, (_, index) => index);
  const [eight, sixth] = [twelve.slice(0, 8), twelve.slice(0, 6)];
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
          qformCode: short(252),
          sformCode: short(254),
          quaternion: sixth.map((i) => float(256 + 4 * i)),
          sform: twelve.map((i) => float(280 + 4 * i)),
        }
      : {
          dim: eight.map((i) => long(16 + 8 * i)),
          pixdim: eight.map((i) => double(104 + 8 * i)),
          type: short(12),
          offset: long(168),
          slope: double(176),
          intercept: double(184),
          units: view.getInt32(500, littleEndian),
          qformCode: view.getInt32(344, littleEndian),
          sformCode: view.getInt32(348, littleEndian),
          quaternion: sixth.map((i) => double(352 + 8 * i)),
          sform: twelve.map((i) => double(400 + 8 * i)),
        };

  const type = voxelTypeOf(fields.type, source);
  const shape = shapeOf(fields.dim, broken);
  const { affine, notes } = affineOf(fields);
  const spacing = spacingOf(fields, affine, broken);
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
    spacing: spacing.millimetres,
    affine,
    notes: [...notes, ...spacing.notes],
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
 * Which header it is, in which byte order: by sizeof_hdr, or, where that is damaged, by the magic and by dim[0] as nibabel does.
 * @throws WorkbenchError saying what else the file is
 */
function sizeOf(bytes: Uint8Array, source: string): { littleEndian: boolean; headerBytes: 348 | 540 } {
  const damaged = "the file is damaged or not a single-file NIfTI; fetch it again";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 348)
    throw notA("a NIfTI volume", bytes, source, `${bytes.length} bytes are too few for a NIfTI header (348)`, damaged);
  const text = (start: number) => String.fromCharCode(...bytes.subarray(start, start + 3));
  const sizes = [true, false].map((order) => view.getInt32(0, order));
  const version = text(344) === "n+1" ? 348 : text(4) === "n+2" ? 540 : undefined;
  const size = sizes.find((each) => each === 348 || each === 540) ?? version;
  if (text(344) === "ni1" || text(4) === "ni2")
    throw new WorkbenchError(
      `${source}: is the header of a .hdr/.img pair (magic "ni${text(4) === "ni2" ? 2 : 1}"), without its voxels`,
      "put the .img file beside it, or save both as one .nii.gz, for example with nibabel",
    );
  if (size === 348 && version === undefined && sizes.includes(348) && bytes[344] === 0)
    throw new WorkbenchError(
      `${source}: is an ANALYZE 7.5 header (.hdr of an .hdr/.img pair), which does not say where right and left are`,
      "save both as one .nii.gz, for example with nibabel, by what you know of the side",
    );
  if (size === undefined)
    throw notA("a NIfTI volume", bytes, source, `sizeof_hdr is ${sizes[0]}, want 348 or 540`, damaged);
  if (size !== version) {
    const magic = JSON.stringify(text(size === 348 ? 344 : 4));
    throw new WorkbenchError(`${source}: magic is ${magic}, want "n+${size === 348 ? 1 : 2}"`, damaged);
  }
  const dimensions = view.getInt16(40, true);
  const littleEndian = sizes.includes(size) ? sizes[0] === size : dimensions >= 1 && dimensions <= 7;
  return { littleEndian, headerBytes: size as 348 | 540 };
}
