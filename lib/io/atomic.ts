import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { WorkbenchError } from "../core/errors";
import { makerRuns, ownedName } from "./owner";

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
  const temporary = join(folder, partName(path));
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

/** A file name has 255 bytes at most in most file systems; a part's has this many of its target's. */
const longestStem = 150;
const stem = (path: string) => `.${Buffer.from(basename(path)).subarray(0, longestStem).toString()}.`;
/** Names its writer, so that whoever finds it can tell whether it is still being written: see `removeDeadParts`. */
const partName = (path: string) => `${ownedName(stem(path))}${randomBytes(6).toString("hex")}.tmp`;

/** Removes the parts of one file, whoever wrote them: to be called where nobody else can be at it. */
export function removePartsOf(path: string): void {
  for (const file of filesOf(dirname(path)))
    if (file.startsWith(stem(path)) && file.endsWith(".tmp")) rmSync(join(dirname(path), file), { force: true });
}

/** Parts of writers on other machines, of which nothing can be seen from here, are left for so long: in milliseconds. */
const foreign = 24 * 3_600_000;

/** Removes the parts that dead processes left in a folder. */
export function removeDeadParts(folder: string): void {
  for (const file of filesOf(folder)) {
    if (!/^\..*-[0-9a-f]{12}\.tmp$/.test(file)) continue;
    const path = join(folder, file);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (makerRuns(file) ?? age < foreign) continue;
    rmSync(path, { force: true });
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Not there, or not to be read: then there is nothing that we left.
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
    return new WorkbenchError(
      `cannot write ${path} (${code})`,
      "make the folder writable, or name others with IOPFL_RESULTS (records) and IOPFL_WORK (all else)",
    );
  }
  if (code === "ENAMETOOLONG") return new WorkbenchError(`cannot write ${path} (its name is too long)`, "shorten it");
  if (code === "ENOTDIR" || code === "EEXIST" || code === "EISDIR") {
    return new WorkbenchError(
      `cannot write ${path} (${code})`,
      "remove what stands there or name another place; a file is where a folder is needed, or a folder where the file is",
    );
  }
  return error;
}
