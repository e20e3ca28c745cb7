/** Marks of JSON as bytes. */
const [quotationMark, backslash] = [0x22, 0x5c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/**
 * Whether a JSON text in UTF-8 nests more than so many lists and objects within each other, in one pass: to be asked before it is parsed.
 * Of a text that is no JSON the answer may be either.
 */
export function nestsDeeper(bytes: Uint8Array, most: number): boolean {
  let [depth, inText] = [0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quotationMark) inText = !inText;
    else if (inText) at += byte === backslash ? 1 : 0;
    else if (closing.has(byte)) depth--;
    else if (opening.has(byte) && ++depth > most) return true;
  }
  return false;
}
