import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { WorkbenchError } from "../core/errors";

/**
 * Writes a file so that it is there whole or not at all: into a temporary neighbour, flushed, then renamed over the target.
 * @throws WorkbenchError when the disk is full or the folder cannot be written
 */
export function writeAtomic(path: string, content: string | Uint8Array): void {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    const file = openSync(temporary, "w");
    try {
      writeFileSync(file, content);
      fsyncSync(file);
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

function explained(error: NodeJS.ErrnoException, path: string): Error {
  if (error.code === "ENOSPC")
    return new WorkbenchError(
      `no space left on the disk for ${path}`,
      "free some space and run the command again; finished results were kept",
    );
  if (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM") {
    return new WorkbenchError(`cannot write ${path} (${error.code})`, "make the folder writable");
  }
  if (error.code === "ENOTDIR" || error.code === "EEXIST" || error.code === "EISDIR") {
    return new WorkbenchError(`cannot write ${path} (${error.code})`, "name a file in a folder; a file stands where a folder is needed, or a folder where the file is");
  }
  return error;
}
