import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/hash";
import { projectRoot } from "./paths";

/** The project's files as the code hash sees them; a test hands in others. Paths are relative to the project, with slashes. */
export interface Sources {
  /** @returns the files below a folder, or the file itself; empty when there is none */
  list(path: string): string[];
  /** @returns a file's text, or `undefined` when there is no such file */
  read(path: string): string | undefined;
}

/** The files on disk. Each is read once: make a new one for each plan, so that an edit is seen by the next. */
export function projectSources(root: string = projectRoot): Sources {
  const texts = new Map<string, string | undefined>();
  const list = (path: string): string[] => {
    const full = join(root, path);
    if (!existsSync(full)) return [];
    if (!statSync(full).isDirectory()) return [path];
    return readdirSync(full)
      .flatMap((entry) => list(`${path}/${entry}`))
      .sort();
  };
  return {
    list,
    read(path) {
      if (!texts.has(path)) texts.set(path, readIfThere(join(root, path)));
      return texts.get(path);
    },
  };
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
}

/** @returns a hash of the source and configuration files below some folders of the project. */
export function sourcesHash(folders: readonly string[], sources: Sources = projectSources()): string {
  const files = folders
    .flatMap((folder) => sources.list(folder))
    .filter((path) => /\.(ts|yaml)$/.test(path))
    .sort();
  return sha256(files.map((path) => `${path} ${sha256(sources.read(path) ?? "")}`).join("\n")).slice(0, 16);
}
