import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { WorkbenchError } from "../core/errors";

/** Bytes that are read piece by piece. */
export interface ByteSource {
  readonly length: number;
  /** @returns `count` bytes from `start` on, which must lie inside; of bytes in memory a view */
  read(start: number, count: number): Uint8Array;
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: (start, count) => bytes.subarray(start, start + count) };
}

/**
 * A file of any size, opened for every piece: nothing is left open. @param name how errors call the file
 * @throws WorkbenchError when it cannot be read, or when it becomes shorter while it is read
 */
export function bytesOfFile(path: string, name: string): ByteSource {
  return {
    length: withFile(path, name, (file) => fstatSync(file).size),
    read: (start, count) =>
      withFile(path, name, (file) => {
        if (start + count > fstatSync(file).size) throw changed(name);
        const bytes = new Uint8Array(count);
        for (let done = 0; done < count;) {
          const read = readSync(file, bytes, done, Math.min(count - done, largestRead), start + done);
          if (read === 0) throw changed(name);
          done += read;
        }
        return bytes;
      }),
  };
}

/** Beyond it Node.js keeps no bytes together in every version. */
const largestWhole = 2 ** 31 - 1;

/**
 * Reads a whole file. @param name how errors call it @param most bytes that it may have
 * @throws WorkbenchError when it cannot be read, is a folder or a device, or is larger
 */
export function readWhole(path: string, name: string, most = largestWhole): Uint8Array {
  const { length, read } = bytesOfFile(path, name);
  if (length > most)
    throw new WorkbenchError(`${name} has ${length} bytes, more than ${most}`, "check which file it is");
  return read(0, length);
}

/** The same of a text in UTF-8. */
export function readText(path: string, name: string, most = largestWhole): string {
  return new TextDecoder().decode(readWhole(path, name, most));
}

/** Systems read at most 2 GiB at once. */
const largestRead = 2 ** 30;

function withFile<Result>(path: string, name: string, use: (file: number) => Result): Result {
  let file: number;
  try {
    const kind = statSync(path);
    // A pipe would keep the opening waiting, a folder fails only when it is read.
    if (!kind.isFile())
      throw new WorkbenchError(`${name} is ${kind.isDirectory() ? "a folder" : "no plain file"}`, "give a file");
    file = openSync(path, "r");
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw new WorkbenchError(
      `cannot read ${name} (${(error as NodeJS.ErrnoException).code})`,
      "check the path and its permissions",
    );
  }
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

function changed(name: string): WorkbenchError {
  return new WorkbenchError(
    `${name}: became shorter while it was read`,
    "wait until it is written, and run the command again",
  );
}
