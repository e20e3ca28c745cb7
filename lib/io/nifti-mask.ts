import { gzipSync } from "fflate";
import { isGzip, niftiStart } from "./nifti";
import { readNiftiHeader } from "./nifti-header";

/** Where the fields lie that differ between an image and its mask (nifti1.h, nifti2.h). */
const fields = {
  1: { size: 348, type: 70, bits: 72, offset: 108, slope: 112, intercept: 116, greatest: 124, least: 128, intent: 68 },
  2: { size: 540, type: 12, bits: 14, offset: 168, slope: 176, intercept: 184, greatest: 192, least: 200, intent: 504 },
} as const;
/** Four bytes behind a header say that no extension follows. */
const noExtension = 4;

/**
 * Writes a mask as a neighbour of its image: the image's header, in its version and byte order, with every length, unit, qform and sform to
 * the bit, so that whatever reads places from one reads them from the other. Only type, scaling and range of the values are the
 * mask's own. What other programs attached to the header is left out. Packed by gzip where the image is.
 * @param image the bytes of its file @param mask `[depth, height, width]`, one class a voxel @param source the image's name, for errors
 * @throws WorkbenchError as `readNifti`, RangeError when the mask has another size than the image
 */
export function writeNiftiMask(image: Uint8Array, mask: Uint8Array, source: string): Uint8Array {
  const start = niftiStart(image, source);
  const { version, littleEndian, shape } = readNiftiHeader(start, source);
  if (shape[0] * shape[1] * shape[2] !== mask.length)
    throw new RangeError(`${mask.length} voxels for shape [${shape}]`);
  const at = fields[version];
  const first = at.size + noExtension;
  const file = new Uint8Array(first + mask.length);
  file.set(start.subarray(0, at.size));
  const view = new DataView(file.buffer);
  const short = (place: number, value: number) => view.setInt16(place, value, littleEndian);
  const real = (place: number, value: number) =>
    version === 1 ? view.setFloat32(place, value, littleEndian) : view.setFloat64(place, value, littleEndian);
  view.setInt32(0, at.size, littleEndian);
  short(at.type, 2); // uint8
  short(at.bits, 8);
  real(at.slope, 1);
  for (const place of [at.intercept, at.greatest, at.least]) real(place, 0);
  if (version === 1) {
    short(at.intent, 0);
    real(at.offset, first);
  } else {
    view.setInt32(at.intent, 0, littleEndian);
    view.setBigInt64(at.offset, BigInt(first), littleEndian);
  }
  file.set(mask, first);
  return isGzip(image) ? gzipSync(file, { mtime: 0 }) : file;
}
