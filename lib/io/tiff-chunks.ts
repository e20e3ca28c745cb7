import { inflateSync } from "node:zlib";
import { unpackLzw } from "./lzw";
import type { BrokenPicture } from "./picture-samples";
import type { TiffDirectory } from "./tiff-directory";

/** How bytes are packed that are read, and how many each packed byte can stand for at most. */
const methods: Readonly<Record<number, { readonly most: number; readonly unpack: Unpack }>> = {
  1: { most: 1, unpack: (packed, size) => packed.slice(0, size) },
  5: { most: 2731, unpack: unpackLzw }, // a string of 4096 bytes in 12 bits
  8: { most: 1032, unpack: unpackDeflate },
  32773: { most: 64, unpack: unpackPackBits },
  32946: { most: 1032, unpack: unpackDeflate },
};
type Unpack = (packed: Uint8Array, size: number) => Uint8Array;
const otherMethods: Readonly<Record<number, string>> = { 2: "CCITT", 3: "CCITT", 4: "CCITT", 6: "JPEG", 7: "JPEG" };

/** Bytes that the pixels of a picture may take. */
const mostBytes = 2 ** 29;

/** Where a strip or a tile lies in the picture, and its samples. */
export interface TiffChunk {
  /** Of its first pixel. */
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  /** Which sample of each pixel it holds, where every sample has chunks of its own; else 0. */
  readonly plane: number;
  /** Of a row of it, in `bytes`. */
  readonly rowBytes: number;
  /** Unpacked, differences summed up again. */
  readonly bytes: Uint8Array;
}

/**
 * Unpacks one chunk after the other. Sizes are checked before anything is allocated: all chunks together have no more bytes than
 * the file and promise no more than they can hold.
 * @throws what `broken` makes
 */
export function* tiffChunks(bytes: Uint8Array, of: TiffDirectory, broken: BrokenPicture): Generator<TiffChunk> {
  const { width, height, chunk, samples, bits, separate, tiled, compression, offsets, counts } = of;
  const method = methods[compression];
  const name = otherMethods[compression];
  if (!method) throw broken(`is compressed by method ${compression}${name ? ` (${name})` : ""}`, "save it as PNG");
  const [across, down] = [Math.ceil(width / chunk.width), Math.ceil(height / chunk.height)];
  const planes = separate ? samples : 1;
  const count = across * down * planes;
  if (offsets.length !== count || counts.length !== count)
    throw broken(`has ${offsets.length} offsets and ${counts.length} sizes of ${count} ${tiled ? "tiles" : "strips"}`);
  const rowBytes = Math.ceil((chunk.width * (separate ? 1 : samples) * bits) / 8);
  const promised = rowBytes * (tiled ? chunk.height * down : height) * across * planes;
  const packed = counts.reduce((sum, each) => sum + each, 0);
  if (packed > bytes.length) throw broken(`its pixels have ${packed} bytes in a file of ${bytes.length}`);
  if (promised > mostBytes || promised > packed * method.most)
    throw broken(`promises ${promised} bytes of pixels out of ${packed}`);
  for (let index = 0; index < count; index++) {
    const place = index % (across * down);
    const row = Math.floor(place / across) * chunk.height;
    const rows = tiled ? chunk.height : Math.min(chunk.height, height - row);
    if (offsets[index] + counts[index] > bytes.length) throw broken("a piece of it lies behind the end of the file");
    const content = method.unpack(bytes.subarray(offsets[index], offsets[index] + counts[index]), rows * rowBytes);
    if (content.length < rows * rowBytes)
      throw broken(`a piece of it holds ${content.length} of ${rows * rowBytes} bytes (damaged or truncated)`);
    sumDifferences(content, rowBytes, of, broken);
    const at = { row, column: (place % across) * chunk.width, plane: Math.floor(index / (across * down)) };
    yield { ...at, rows, rowBytes, bytes: content };
  }
}

/** Differences between neighbours of a row, where a writer stored such (TIFF 6.0, section 14). */
function sumDifferences(
  bytes: Uint8Array,
  rowBytes: number,
  { predictor, bits, samples, separate, littleEndian }: TiffDirectory,
  broken: BrokenPicture,
): void {
  if (predictor === 1) return;
  if (predictor !== 2 || ![8, 16, 32].includes(bits))
    throw broken(`has predictor ${predictor} of ${bits} bits`, "save it as PNG, or without a predictor");
  const [width, step] = [bits / 8, separate ? 1 : samples];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [read, write] = accessOf(view, width, littleEndian);
  for (let start = 0; start + rowBytes <= bytes.length; start += rowBytes)
    for (let at = start + step * width; at < start + rowBytes; at += width)
      write(at, read(at) + read(at - step * width));
}

type Access = readonly [read: (at: number) => number, write: (at: number, value: number) => void];
function accessOf(view: DataView, width: number, little: boolean): Access {
  if (width === 1) return [(at) => view.getUint8(at), (at, value) => view.setUint8(at, value)];
  return width === 2
    ? [(at) => view.getUint16(at, little), (at, value) => view.setUint16(at, value, little)]
    : [(at) => view.getUint32(at, little), (at, value) => view.setUint32(at, value, little)];
}

/** @returns fewer bytes than wanted of a stream that is damaged, or that holds far more than a chunk */
function unpackDeflate(packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: 2 * size + 1024 }).subarray(0, size);
  } catch {
    return new Uint8Array(0);
  }
}

/** Runs of equal bytes, and bytes as they are (TIFF 6.0, section 9). */
function unpackPackBits(packed: Uint8Array, size: number): Uint8Array {
  const unpacked = new Uint8Array(size);
  let written = 0;
  for (let at = 0; at < packed.length && written < size;) {
    const sign = (packed[at++] << 24) >> 24;
    if (sign === -128) continue;
    const length = Math.min(size - written, Math.abs(sign) + 1);
    if (sign < 0) unpacked.fill(packed[at++], written, written + length);
    else {
      const own = packed.subarray(at, at + length);
      unpacked.set(own, written);
      if (own.length < length) return unpacked.subarray(0, written + own.length);
      at += length;
    }
    written += length;
  }
  return unpacked.subarray(0, written);
}
