import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { WorkbenchError } from "../core/errors";

/**
 * Writes a file so that it is there whole or not at all: into a temporary neighbour, flushed, then renamed over the target.
 * @param content its bytes, or parts that follow each other and need not be in memory together
 * @param options without `flush` the file outlasts a kill of the process, but not of the machine, until it is flushed
 * @throws WorkbenchError when the disk is full or the folder cannot be written
 */
export function writeAtomic(
  path: string,
  content: string | Uint8Array | Iterable<Uint8Array>,
  { flush = true } = {},
): void {
  const folder = dirname(path);
  // Machines that share a folder may have processes of the same id.
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
  const parts = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  try {
    mkdirSync(folder, { recursive: true });
    const file = openSync(temporary, "w");
    try {
      for (const part of parts) writeFileSync(file, part);
      if (flush) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // What stopped the writing is what the user should hear.
    }
    throw explained(error as NodeJS.ErrnoException, path);
  }
}

/** Makes a folder, with those above it, and sees whether it can be written. @throws WorkbenchError as `writeAtomic` */
export function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, folder);
  }
}

/** Node.js says ENOENT of a folder that it cannot make on a read-only disk. @returns what is in the way, where it can be seen */
function reasonOf(error: NodeJS.ErrnoException, path: string): string | undefined {
  if (error.code !== "ENOENT") return error.code;
  let nearest = dirname(path);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return error.code;
  } catch (closer) {
    return (closer as NodeJS.ErrnoException).code;
  }
}

function explained(error: NodeJS.ErrnoException, path: string): Error {
  const code = reasonOf(error, path);
  if (code === "ENOSPC")
    return new WorkbenchError(
      `no space left on the disk for ${path}`,
      "free some space and run the command again; finished results were kept",
    );
  if (code === "EACCES" || code === "EROFS" || code === "EPERM") {
    return new WorkbenchError(`cannot write ${path} (${code})`, "make the folder writable");
  }
  if (code === "ENOTDIR" || code === "EEXIST" || code === "EISDIR") {
    return new WorkbenchError(
      `cannot write ${path} (${code})`,
      "name a file in a folder; a file stands where a folder is needed, or a folder where the file is",
    );
  }
  return error;
}
