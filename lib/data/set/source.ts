import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { readWhole } from "../../io/byte-source";
import { openZipFile } from "../../io/zip";
import { withPairs } from "./pairs";

/** The files of a folder or of a zip archive, read one at a time. */
export interface FileSource {
  /** Paths with slashes, hidden and system files left out, sorted. */
  readonly names: readonly string[];
  /** Links and other things that are not read. */
  readonly refused: readonly string[];
  read(name: string): Uint8Array;
}

/** Far above any file of the sets; a folder may hold anything. */
const largestFile = 2 ** 30;
const mostFiles = 100_000;

/**
 * Opens a folder, or a zip archive by its name; nothing is unpacked to the disk. Links are not followed. A pair of `.hdr` and `.img`
 * is one file: see `withPairs`.
 * @throws WorkbenchError when there is no such thing, or when the archive is damaged or unsafe (see `openZipFile`)
 */
export const openSource = (path: string): FileSource => withPairs(openFiles(path));

function openFiles(path: string): FileSource {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (error) {
    throw new WorkbenchError(
      `cannot read ${path} (${(error as NodeJS.ErrnoException).code})`,
      "give a folder or a .zip file; see dataset/README.md",
    );
  }
  if (folder) return openFolder(path);
  if (!/\.zip$/i.test(path))
    throw new WorkbenchError(`${path} is neither a folder nor a .zip file`, "unpack it and give the folder");
  const { names, read } = openZipFile(path);
  return { names: names.filter(visible).sort(), refused: [], read };
}

function openFolder(folder: string): FileSource {
  const names: string[] = [];
  const refused: string[] = [];
  const walk = (inside: string): void => {
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true })) {
      const name = inside ? `${inside}/${entry.name}` : entry.name;
      if (!visible(name)) continue;
      if (entry.isDirectory()) walk(name);
      else (entry.isFile() ? names : refused).push(name);
      if (names.length > mostFiles)
        throw new WorkbenchError(`${folder} holds more than ${mostFiles} files`, "give the folder of the set alone");
    }
  };
  walk("");
  return { names: names.sort(), refused, read: (name) => readWhole(join(folder, name), name, largestFile) };
}

function visible(name: string): boolean {
  return !name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");
}
