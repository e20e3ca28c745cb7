import { WorkbenchError } from "../core/errors";
import { decodePng, type Picture } from "../io/png";

/**
 * Reads a PNG file of any colour type as red, green and blue of 8 bits.
 * @param bytes the whole file; @param name how errors call it
 * @throws WorkbenchError naming the file and what is wrong with it
 */
export function readPicture(bytes: Uint8Array, name: string): Picture {
  if (countHeaders(bytes) > 1) throw new WorkbenchError(`${name}: has more than one header (IHDR)`, "fetch it again");
  const picture = decodePng(bytes, name);
  if (picture.channels === 3) return picture;
  const data = Uint8Array.from({ length: 3 * picture.data.length }, (_, i) => picture.data[Math.floor(i / 3)]);
  return { ...picture, channels: 3, data };
}

/** pngjs believes the last header, whose size nobody has checked. */
function countHeaders(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let headers = 0;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) if (view.getUint32(at + 4) === 0x49484452) headers++;
  return headers;
}
