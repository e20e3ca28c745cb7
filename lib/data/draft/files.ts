import { endingOf, type Modality } from "../sets/own/formats";

/** A file that may be an image or a mask. */
export interface FoundFile {
  readonly name: string;
  /** With slashes; `.` for the folder that is looked at. */
  readonly folder: string;
  /** The name without folder and ending. */
  readonly stem: string;
}

/** @returns what most files of a folder are; undefined where none can be read */
export function modalityOf(names: readonly string[]): Modality | undefined {
  const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
  const [volumes, pictures] = [count(/\.(nii(\.gz)?|hdr)$/i), count(/\.(png|jpe?g|bmp|tiff?)$/i)];
  if (volumes + pictures === 0) return count(/\.np[yz]$/i) > 0 ? "volume" : undefined;
  return volumes >= pictures ? "volume" : "picture";
}

/** @returns the files of a modality, by folder */
export function filesByFolder(names: readonly string[], modality: Modality): Map<string, FoundFile[]> {
  const folders = new Map<string, FoundFile[]>();
  for (const name of names) {
    const ending = endingOf(name, modality);
    if (ending === undefined) continue;
    const slash = name.lastIndexOf("/");
    const folder = slash < 0 ? "." : name.slice(0, slash);
    const file = { name, folder, stem: name.slice(slash + 1, -ending.length) };
    const before = folders.get(folder);
    if (before) before.push(file);
    else folders.set(folder, [file]);
  }
  return folders;
}

/** @returns the folder above, and the last part of a path */
export function split(folder: string): [parent: string, last: string] {
  const slash = folder.lastIndexOf("/");
  return slash < 0 ? [".", folder] : [folder.slice(0, slash), folder.slice(slash + 1)];
}
