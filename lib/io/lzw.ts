const [clear, end, first] = [256, 257, 258];
const mostCodes = 4096;

/**
 * Unpacks LZW as TIFF has it (TIFF 6.0, section 13): codes of 9 to 12 bits, the highest first, each width ending one code early.
 * @param size bytes that are wanted; what follows them is left
 * @returns that many, or fewer where the stream ends or goes wrong before
 */
export function unpackLzw(packed: Uint8Array, size: number): Uint8Array {
  const unpacked = new Uint8Array(size);
  // A code stands for the string of another and one byte more.
  const [before, lengths] = [new Uint16Array(mostCodes), new Uint16Array(mostCodes).fill(1)];
  const [firsts, lasts] = [0, 1].map(() => Uint8Array.from({ length: mostCodes }, (_, code) => code));
  let [next, width, previous, written] = [first, 9, -1, 0];
  let [held, bits, at] = [0, 0, 0];
  while (written < size) {
    while (bits < width && at < packed.length) {
      held = ((held << 8) | packed[at++]) & 0xfffff;
      bits += 8;
    }
    if (bits < width) break;
    const code = (held >> (bits - width)) & (2 ** width - 1);
    bits -= width;
    if (code === end) break;
    if (code === clear) {
      [next, width, previous] = [first, 9, -1];
      continue;
    }
    if (previous < 0 ? code > 255 : code > next || (code === next && next === mostCodes)) break;
    if (previous >= 0 && next < mostCodes) {
      before[next] = previous;
      lengths[next] = lengths[previous] + 1;
      firsts[next] = firsts[previous];
      lasts[next] = firsts[code === next ? previous : code];
      next++;
    }
    for (let place = lengths[code] - 1, from = code; place >= 0; place--, from = before[from])
      if (written + place < size) unpacked[written + place] = lasts[from];
    written = Math.min(size, written + lengths[code]);
    previous = code;
    if (next + 1 >= 2 ** width && width < 12) width++;
  }
  return unpacked.subarray(0, written);
}
