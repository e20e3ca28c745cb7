import { crc32, inflateSync } from "node:zlib";

/** What a PNG file says of itself (PNG specification, 11.2.2). */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/** Samples of a pixel by colour type. */
export const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Where the seven passes of an interlaced image start and how far their pixels lie apart: PNG specification, 8.2. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** How many bytes the compressed pixels of an image unpack to: a byte for its filter before every row. */
export function unpackedBytes({ width, height, depth, colour, interlaced }: PngHeader): number {
  const rows = (columns: number, count: number) =>
    columns > 0 && count > 0 ? count * (1 + Math.ceil((columns * samplesOf[colour] * depth) / 8)) : 0;
  if (!interlaced) return rows(width, height);
  return passes.reduce(
    (sum, [x, y, across, down]) => sum + rows(Math.ceil((width - x) / across), Math.ceil((height - y) / down)),
    0,
  );
}

/**
 * Whether a file holds all that its header promises: every chunk matches its CRC-32, and the pixels unpack to exactly as many bytes
 * as they need, with the right Adler-32. Decoders fill what is missing from memory that nobody wrote.
 * @returns what is wrong, if anything
 */
export function faultOfChunks(bytes: Uint8Array, promised: number): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixels: Uint8Array[] = [];
  let headers = 0;
  let ended = false;
  for (let at = 8; !ended && at < bytes.length;) {
    const length = at + 12 <= bytes.length ? view.getUint32(at) : Infinity;
    if (at + 12 + length > bytes.length) return "the file ends inside a chunk (truncated file)";
    const [type, next] = [bytes.subarray(at + 4, at + 8), at + 12 + length];
    const name = String.fromCharCode(...type);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(next - 4))
      return "a chunk does not match its CRC-32";
    if (name === "IHDR" && ++headers > 1) return "has more than one header (IHDR)";
    if (name === "IDAT") pixels.push(bytes.subarray(at + 8, at + 8 + length));
    ended = name === "IEND";
    at = next;
  }
  if (!ended) return "the file ends without its last chunk, IEND (truncated file)";
  try {
    const { length } = inflateSync(Buffer.concat(pixels), { maxOutputLength: promised });
    return length === promised ? undefined : `its pixels have ${length} bytes, not the ${promised} of its size`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ERR_BUFFER_TOO_LARGE"
      ? `its pixels have more than the ${promised} bytes of its size`
      : `its pixels are damaged (${message})`;
  }
}
