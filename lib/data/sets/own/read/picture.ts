import { decode as decodeJpeg } from "jpeg-js";
import { WorkbenchError } from "../../../../core/errors";
import { decodeBmp, isBmp } from "../../../../io/bmp";
import { toFloats } from "../../../../io/half";
import { isNumpy, readNumpy } from "../../../../io/npy";
import type { PictureSamples } from "../../../../io/picture-samples";
import { decodeDeepPng } from "../../../../io/png";
import { decodeTiff, isTiff } from "../../../../io/tiff";
import { valueOfColour } from "../../../task/classes";

/** A picture as its file has it, with what is odd about it. */
export interface Samples extends PictureSamples {
  /** What is odd about it, one line each. */
  readonly notes: readonly string[];
}

/** Of a photograph; the decoder holds a few bytes for each pixel. */
const mostMegapixels = 40;
const mostMegabytes = 1024;

/**
 * Reads a picture by what its first bytes say, whatever its name says.
 * @param source the file's name, for errors @throws WorkbenchError naming it and what is wrong
 */
export function readSamples(bytes: Uint8Array, source: string): Samples {
  if (isJpeg(bytes)) return readJpeg(bytes, source);
  if (isNumpy(bytes)) return readArray(bytes, source);
  const decode = isBmp(bytes) ? decodeBmp : isTiff(bytes) ? decodeTiff : decodeDeepPng;
  return { ...decode(bytes, source), notes: [] };
}

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** One value a pixel: its grey, or its colour. @returns `[height, width]` */
export function maskValues({ data, channels, width, height }: Samples): Float64Array {
  return Float64Array.from({ length: height * width }, (_, pixel) =>
    channels === 1 ? data[pixel] : valueOfColour([data[3 * pixel], data[3 * pixel + 1], data[3 * pixel + 2]]),
  );
}

function readJpeg(bytes: Uint8Array, source: string): Samples {
  try {
    const { width, height, data } = decodeJpeg(bytes, {
      ...{ useTArray: true, formatAsRGBA: false, tolerantDecoding: false },
      ...{ maxResolutionInMP: mostMegapixels, maxMemoryUsageInMB: mostMegabytes },
    });
    return { width, height, channels: 3, data, notes: [] };
  } catch (error) {
    const { message } = error as Error;
    throw new WorkbenchError(`${source}: the JPEG data cannot be read (${message.slice(0, 200)})`, "save it as PNG");
  }
}

/** `[height, width]` or `[height, width, 3]`. */
function readArray(bytes: Uint8Array, source: string): Samples {
  const array = readNumpy(bytes, source);
  const { shape } = array;
  const [height = 0, width = 0, channels = 1] = shape;
  const fits = (shape.length === 2 || shape.length === 3) && (channels === 1 || channels === 3) && height * width > 0;
  if (!fits)
    throw new WorkbenchError(
      `${source}: an array of shape [${shape}] is no picture`,
      "save it as [height, width] or [height, width, 3]",
    );
  return { width, height, channels: channels === 3 ? 3 : 1, data: toFloats(array), notes: [] };
}
