import { PNG } from "pngjs";

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
