/** @returns the bytes with those of every value of `width` bytes in reverse: big-endian values little-endian and back */
export function swapBytes(bytes: Uint8Array, width: number): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const place = i % width;
    swapped[i] = bytes[i - place + (width - 1 - place)];
  }
  return swapped;
}
