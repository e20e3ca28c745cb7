import { isGzip } from "./nifti";

/** Of either version: bytes of the header, where its magic stands, how it begins in a pair, and where the place of the voxels stands. */
const versions = [
  { size: 348, at: 344, pair: "ni1", single: "n+1", offset: 108 },
  { size: 540, at: 4, pair: "ni2", single: "n+2", offset: 168 },
] as const;
/** Four bytes behind a header say that no extension follows. */
const noExtension = 4;

/**
 * Makes one NIfTI file of a pair, by the definitions nifti1.h and nifti2.h: the voxels follow the header, where the header says that
 * they start. Extensions are left out.
 * @param header the bytes of the `.hdr` file @param voxels those of the `.img` file
 * @returns nothing where the header is none of a pair of NIfTI (ANALYZE 7.5 for example, or packed)
 */
export function joinNiftiPair(header: Uint8Array, voxels: Uint8Array): Uint8Array | undefined {
  const text = (start: number) => String.fromCharCode(...header.subarray(start, start + 3));
  const version = versions.find(({ at, pair }) => text(at) === pair);
  if (!version || header.length < version.size || isGzip(voxels)) return undefined;
  const { size, at, single, offset } = version;
  const first = size + noExtension;
  const joined = new Uint8Array(first + voxels.length);
  joined.set(header.subarray(0, size));
  joined.set(voxels, first);
  joined.set(Buffer.from(single), at);
  const view = new DataView(joined.buffer);
  const little = view.getInt32(0, true) === size;
  if (size === 348) view.setFloat32(offset, view.getFloat32(offset, little) + first, little);
  else view.setBigInt64(offset, view.getBigInt64(offset, little) + BigInt(first), little);
  return joined;
}
