import { PNG } from "pngjs";
import { WorkbenchError } from "../core/errors";
import type { Picture } from "../io/png";

/** Two crops of 4096 x 4096 side by side; published ones have 800 x 800. */
const largest = { width: 8192, height: 4096 };
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Reads a PNG file of any colour type as red, green and blue of 8 bits. The size is read before anything is unpacked.
 * @param bytes the whole file; @param name how errors call it
 * @throws WorkbenchError naming the file and what is wrong with it
 */
export function readPicture(bytes: Uint8Array, name: string): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || signature.some((byte, i) => bytes[i] !== byte)) throw new WorkbenchError(`${name}: is no PNG file`, "fetch it again");
  const [width, height, interlaced] = [view.getUint32(16), view.getUint32(20), bytes[28]];
  if (width === 0 || height === 0 || width > largest.width || height > largest.height)
    throw new WorkbenchError(`${name}: has ${width} x ${height} pixels`, `use images of at most ${largest.width} x ${largest.height}`);
  // pngjs unpacks interlaced images without a limit.
  if (interlaced !== 0) throw new WorkbenchError(`${name}: is an interlaced PNG file`, "save it without interlacing");
  let rgba: Buffer;
  try {
    rgba = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).data;
  } catch (error) {
    throw new WorkbenchError(`${name}: the PNG data are damaged (${(error as Error).message.replace(/\s+/g, " ")})`, "fetch it again");
  }
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(rgba.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  return { width, height, channels: 3, data };
}
