import { WorkbenchError } from "../core/errors";

/** What one datatype code of NIfTI means: its name, the bytes of one voxel, and how one voxel is read. */
export interface VoxelType {
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

/** Types that the format knows and that are not one number a voxel, or too wide for JavaScript. */
const oddTypes: Readonly<Record<number, string>> = {
  1: "one bit a voxel",
  32: "complex numbers",
  128: "RGB colours",
  1536: "float128",
  1792: "complex numbers",
  2048: "complex numbers",
  2304: "RGBA colours",
};

/** @throws WorkbenchError naming a type that is not read */
export function voxelTypeOf(code: number, source: string): VoxelType {
  const type = voxelTypes.get(code);
  if (type) return type;
  throw new WorkbenchError(
    `${source}: datatype ${code}${oddTypes[code] ? ` (${oddTypes[code]})` : ""} is not supported`,
    "save it as one whole or real number a voxel",
  );
}
