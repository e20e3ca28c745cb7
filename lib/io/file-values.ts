import { bytesOfFile } from "./byte-source";

/** Values that stay in a file, read whenever some of them are asked for. */
export interface FileValues<Part> {
  readonly length: number;
  /** @returns a copy of the values from `start` to before `end` @throws WorkbenchError when the file is gone or shorter than it was */
  subarray(start: number, end: number): Part;
}

type Stored = Float32Array | Int16Array | Uint8Array;

/**
 * @param path of a file in which values lie one behind the other, little-endian @param name how errors call it
 * @param from its first byte of them @param count how many there are @param array what they are kept in
 */
export function fileValues<Part extends Stored>(
  path: string,
  name: string,
  { from, count, array }: { readonly from: number; readonly count: number; readonly array: StoredArray<Part> },
): FileValues<Part> {
  const file = bytesOfFile(path, name);
  const size = array.BYTES_PER_ELEMENT;
  return {
    length: count,
    subarray(start, end) {
      const bytes = file.read(from + start * size, (end - start) * size);
      return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, end - start);
    },
  };
}

/** A class of typed arrays. */
export interface StoredArray<Part> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Part;
}
