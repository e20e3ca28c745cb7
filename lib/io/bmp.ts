import { WorkbenchError } from "../core/errors";
import { notA } from "./file-kind";
import { mostPixels, type BrokenPicture, type PictureSamples } from "./picture-samples";

type Colour = readonly [red: number, green: number, blue: number];

/** What the headers of a BMP file say. */
interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  /** Where the pixels start, and how many bytes a row takes: a multiple of four. */
  readonly offset: number;
  readonly rowBytes: number;
  /** Of up to 8 bits: the colours that pixels count through. */
  readonly palette: readonly Colour[];
}

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/** Compressions that others write (BITMAPINFOHEADER, wingdi.h). */
const compressions: Readonly<Record<number, string>> = { 1: "RLE8", 2: "RLE4", 3: "bit fields", 4: "JPEG", 5: "PNG" };
/** The bit fields of 32 bits that mean the same as none: blue first, then green and red. */
const usualFields = [0x00ff0000, 0x0000ff00, 0x000000ff];

/**
 * Reads a BMP picture without compression, of 1, 4 or 8 bits with a palette or of 24 or 32 bits: grey where its palette holds
 * greys alone, else in colours; a fourth byte (transparency) is left out.
 * @param bytes the whole file @param source the file's name, for errors
 * @throws WorkbenchError naming the file and the value; nothing is allocated beyond what the file can hold
 */
export function decodeBmp(bytes: Uint8Array, source: string): PictureSamples {
  if (!isBmp(bytes)) throw notA("a BMP picture", bytes, source, "is no BMP file", "save it as PNG");
  const broken: BrokenPicture = (what, hint = "fetch it again") => new WorkbenchError(`${source}: ${what}`, hint);
  const header = readHeader(bytes, broken);
  const { width, height, palette, topDown, offset, rowBytes } = header;
  const grey = palette.length > 0 && palette.every(([red, green, blue]) => red === green && green === blue);
  const channels = grey ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const start = offset + (topDown ? row : height - 1 - row) * rowBytes;
    for (let column = 0; column < width; column++) {
      const colour = colourAt(bytes, start, column, header);
      if (!colour) throw broken("a pixel has a colour that its palette does not hold");
      for (let channel = 0; channel < channels; channel++)
        data[(row * width + column) * channels + channel] = colour[channel];
    }
  }
  return { width, height, channels, data };
}

function colourAt(
  bytes: Uint8Array,
  row: number,
  column: number,
  { bits, palette }: BmpHeader,
): Colour | readonly number[] | undefined {
  if (bits <= 8) {
    const bit = column * bits;
    return palette[(bytes[row + (bit >> 3)] >> (8 - bits - (bit & 7))) & (2 ** bits - 1)];
  }
  const at = row + (column * bits) / 8;
  return [bytes[at + 2], bytes[at + 1], bytes[at]];
}

function readHeader(bytes: Uint8Array, broken: BrokenPicture): BmpHeader {
  const png = "save it as PNG";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54) throw broken("the file ends inside its header (truncated file)");
  const [offset, headerBytes] = [view.getUint32(10, true), view.getUint32(14, true)];
  if (headerBytes < 40 || headerBytes > 124)
    throw broken(`has a header of ${headerBytes} bytes, want 40 to 124 (that of Windows 3 or newer)`, png);
  const [width, signed] = [view.getInt32(18, true), view.getInt32(22, true)];
  const height = Math.abs(signed);
  if (width < 1 || height < 1 || width * height > mostPixels)
    throw broken(`has ${width} x ${height} pixels`, `use images of at most ${mostPixels} pixels`);
  const [bits, compression, used] = [view.getUint16(28, true), view.getUint32(30, true), view.getUint32(46, true)];
  if (![1, 4, 8, 24, 32].includes(bits)) throw broken(`has ${bits} bits a pixel, want 1, 4, 8, 24 or 32`, png);
  const fields = compression === 3 && bits === 32 && bytes.length >= 66;
  const usual = fields && usualFields.every((field, place) => view.getUint32(54 + 4 * place, true) === field);
  if (compression !== 0 && !usual)
    throw broken(`is compressed by method ${compression} (${compressions[compression] ?? "unknown"})`, png);
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  if (offset < 54 || offset + rowBytes * height > bytes.length)
    throw broken(`${width} x ${height} pixels need ${rowBytes * height} bytes from ${offset} on, of ${bytes.length}`);
  const colours = bits > 8 ? 0 : used === 0 ? 2 ** bits : used;
  const start = 14 + headerBytes;
  if (colours > 2 ** bits || start + 4 * colours > offset)
    throw broken(`has a palette of ${colours} colours before its pixels at ${offset}`);
  const palette = Array.from({ length: colours }, (_, place): Colour => {
    const at = start + 4 * place;
    return [bytes[at + 2], bytes[at + 1], bytes[at]];
  });
  return { width, height, topDown: signed < 0, bits, offset, rowBytes, palette };
}
