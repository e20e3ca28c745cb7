import { WorkbenchError } from "../core/errors";
import { notA } from "./file-kind";
import type { BrokenPicture, PictureSamples } from "./picture-samples";
import { tiffChunks, type TiffChunk } from "./tiff-chunks";
import { readTiffDirectory, type TiffDirectory } from "./tiff-directory";

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 4));
export const isTiff = (bytes: Uint8Array): boolean => ["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(text(bytes));

/** Arrays for samples by their format and bits. */
const arrays: Readonly<Record<string, new (length: number) => Samples>> = {
  ...{ "1/1": Uint8Array, "1/2": Uint8Array, "1/4": Uint8Array },
  ...{ "1/8": Uint8Array, "1/16": Uint16Array, "1/32": Uint32Array },
  ...{ "2/8": Int8Array, "2/16": Int16Array, "2/32": Int32Array, "3/32": Float32Array, "3/64": Float64Array },
};
type Samples =
  Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
const mostSamples = 16;

/**
 * Reads a TIFF picture of one page (TIFF 6.0): grey, in colours or with a palette, in strips or tiles, plain or packed by LZW,
 * Deflate or PackBits. Samples are as they are in the file; those beyond the colours (transparency) are left out.
 * @param bytes the whole file @param source the file's name, for errors
 * @throws WorkbenchError naming the file and the value; nothing is allocated beyond what the packed bytes can hold
 */
export function decodeTiff(bytes: Uint8Array, source: string): PictureSamples {
  const broken: BrokenPicture = (what, hint = "fetch it again") => new WorkbenchError(`${source}: ${what}`, hint);
  if (!isTiff(bytes)) throw notA("a TIFF picture", bytes, source, "is no TIFF file", "save it as PNG");
  if (text(bytes).includes("+")) throw broken("is a BigTIFF file", "save it as a plain TIFF, or as PNG");
  const of = readTiffDirectory(bytes, broken);
  const { width, height, format, bits, samples, photometric } = of;
  const stored = arrays[`${format}/${bits}`];
  if (!stored) throw broken(`has samples of ${bits} bits and format ${format}`, "save it as PNG");
  const channels = photometric === 2 ? 3 : 1;
  if (photometric > 3 || samples < channels || samples > mostSamples)
    throw broken(`has photometric interpretation ${photometric} of ${samples} samples a pixel`, "save it as PNG");
  const data = new stored(width * height * channels);
  for (const chunk of tiffChunks(bytes, of, broken)) copySamples(data, chunk, channels, of);
  if (photometric === 3) return { width, height, channels: 3, data: coloursOf(data, of, broken) };
  if (photometric === 0 && format === 1) data.forEach((value, i) => (data[i] = 2 ** bits - 1 - value));
  return { width, height, channels, data };
}

/** Puts those samples of a chunk that lie in the picture, and are colours of it, where they belong. */
function copySamples(
  data: Samples,
  { row, column, rows, plane, rowBytes, bytes }: TiffChunk,
  channels: number,
  of: TiffDirectory,
): void {
  const { width, height, chunk, samples, separate } = of;
  if (plane >= channels) return;
  const read = reader(bytes, of);
  const [step, own] = separate ? [1, 1] : [samples, channels];
  const [bottom, right] = [Math.min(height - row, rows), Math.min(width - column, chunk.width)];
  for (let y = 0; y < bottom; y++)
    for (let x = 0; x < right; x++)
      for (let channel = 0; channel < own; channel++)
        data[((row + y) * width + column + x) * channels + plane + channel] = read(y * rowBytes, x * step + channel);
}

/** @returns what reads a sample of a row that starts at a byte */
function reader(bytes: Uint8Array, { bits, format, littleEndian }: TiffDirectory): (row: number, n: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (`${format}/${bits}`) {
    case "1/16":
      return (row, n) => view.getUint16(row + 2 * n, littleEndian);
    case "2/16":
      return (row, n) => view.getInt16(row + 2 * n, littleEndian);
    case "1/32":
      return (row, n) => view.getUint32(row + 4 * n, littleEndian);
    case "2/32":
      return (row, n) => view.getInt32(row + 4 * n, littleEndian);
    case "3/32":
      return (row, n) => view.getFloat32(row + 4 * n, littleEndian);
    case "3/64":
      return (row, n) => view.getFloat64(row + 8 * n, littleEndian);
    case "2/8":
      return (row, n) => view.getInt8(row + n);
    default:
      return (row, n) => (bytes[row + ((n * bits) >> 3)] >> (8 - bits - ((n * bits) & 7))) & (2 ** bits - 1);
  }
}

/** @returns `[height, width, 3]`, 8 bits each, of places in a palette of 16 bits each, which old writers left at 8 */
function coloursOf(places: Samples, { palette, bits, format }: TiffDirectory, broken: BrokenPicture): Uint8Array {
  const colours = 2 ** bits;
  if (format !== 1 || bits > 8 || palette.length !== 3 * colours)
    throw broken(`has a palette of ${palette.length} values for ${bits} bits`);
  const shift = palette.some((value) => value > 255) ? 8 : 0;
  return Uint8Array.from(
    { length: 3 * places.length },
    (_, i) => palette[(i % 3) * colours + places[Math.floor(i / 3)]] >> shift,
  );
}
