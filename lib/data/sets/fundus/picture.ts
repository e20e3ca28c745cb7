import { decodePng, type Picture } from "../../../io/png";

/**
 * Reads a PNG file of any colour type as red, green and blue of 8 bits.
 * @param bytes the whole file; @param name how errors call it
 * @throws WorkbenchError naming the file and what is wrong with it
 */
export function readPicture(bytes: Uint8Array, name: string): Picture {
  const picture = decodePng(bytes, name);
  if (picture.channels === 3) return picture;
  const data = Uint8Array.from({ length: 3 * picture.data.length }, (_, i) => picture.data[Math.floor(i / 3)]);
  return { ...picture, channels: 3, data };
}
