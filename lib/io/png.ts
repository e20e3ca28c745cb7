import { PNG } from "pngjs";
import { WorkbenchError } from "../core/errors";
import { notA } from "./file-kind";
import { faultOfChunks, samplesOf, unpackedBytes } from "./png-chunks";

/** An image of 8 bits a channel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red-green-blue. */
  readonly channels: 1 | 3;
  /** Row-major `[height, width, channels]`, 0 to 255. */
  readonly data: Uint8Array;
}

/** @returns the bytes of a PNG file. @throws RangeError when the data do not fit the size */
export function encodePng({ width, height, channels, data }: Picture): Uint8Array {
  if (data.length !== width * height * channels)
    throw new RangeError(`${data.length} bytes for ${width} x ${height} x ${channels}`);
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      png.data[4 * pixel + channel] = data[pixel * channels + (channels === 3 ? channel : 0)];
    png.data[4 * pixel + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: channels === 3 ? 2 : 0, inputColorType: 6, inputHasAlpha: true });
}

/** Two photographs of 4096 x 4096 side by side. */
const largest = { width: 8192, height: 4096 };
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Deflate cannot pack tighter than 1032 to 1 (https://zlib.net/zlib_tech.html). */
const tightestPacking = 1032;

/**
 * Reads a PNG file of any colour type as 8 bits a channel, grey as grey and all else as colour; transparency is left out.
 * @param bytes the whole file @param source the file's name, for errors
 * @throws WorkbenchError naming the file and the value; nothing is allocated beyond what the compressed bytes can hold
 */
export function decodePng(bytes: Uint8Array, source: string): Picture {
  const picture = unpack(bytes, source, false);
  return { ...picture, data: picture.data as Uint8Array };
}

/** The same with the samples as they are: those of 16 bits are not brought down to 8. */
export const decodeDeepPng = (bytes: Uint8Array, source: string): DeepPicture =>
  unpack(bytes, source, bytes[24] === 16);

/** An image of 8 or 16 bits a channel. */
export interface DeepPicture extends Omit<Picture, "data"> {
  readonly data: Uint8Array | Uint16Array;
}

function unpack(bytes: Uint8Array, source: string, deep: boolean): DeepPicture {
  const broken = (what: string, hint = "fetch it again") => new WorkbenchError(`${source}: ${what}`, hint);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (signature.some((byte, i) => bytes[i] !== byte))
    throw notA("a PNG picture", bytes, source, "is no PNG file", "save it as PNG");
  if (bytes.length < 33) throw broken("the PNG data are damaged: the file ends inside its header (truncated file)");
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, , , interlace] = bytes.subarray(24, 29);
  if (width === 0 || height === 0 || width > largest.width || height > largest.height)
    throw broken(`has ${width} x ${height} pixels`, `use images of at most ${largest.width} x ${largest.height}`);
  if (!(colour in samplesOf) || ![1, 2, 4, 8, 16].includes(depth))
    throw broken(`has colour type ${colour} of ${depth} bits`);
  const promised = unpackedBytes({ width, height, depth, colour, interlaced: interlace === 1 });
  if (promised > bytes.length * tightestPacking)
    throw broken(`promises ${promised} bytes of pixels in a file of ${bytes.length}`);
  const fault = faultOfChunks(bytes, promised);
  if (fault) throw broken(`the PNG data are damaged: ${fault}`);
  let rgba: Uint8Array | Uint16Array;
  try {
    rgba = PNG.sync.read(Buffer.from(bytes), { skipRescale: deep }).data;
  } catch (error) {
    throw broken(`the PNG data are damaged (${(error as Error).message.replace(/\s+/g, " ")})`);
  }
  if (rgba.length !== 4 * width * height) throw broken(`holds ${rgba.length / 4} pixels, not ${width} x ${height}`);
  const channels = colour === 0 || colour === 4 ? 1 : 3;
  const data = new (deep ? Uint16Array : Uint8Array)(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = rgba[4 * Math.floor(i / channels) + (i % channels)];
  return { width, height, channels, data };
}
