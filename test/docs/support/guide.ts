import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A fenced block of a guide that has a title: the file that it is, the file that it changes, or `walk` for commands. */
export interface Block {
  readonly language: string;
  readonly title: string;
  readonly text: string;
}

/** The titled blocks of a page, in order. */
export function titledBlocks(markdown: string): Block[] {
  const fences = markdown.matchAll(/^```(\w+) title="([^"]+)"\n([\s\S]*?)^```$/gm);
  return Array.from(fences, ([, language, title, text]) => ({ language, title, text }));
}

/** Does what a block says to a copy of the project: writes a file, or puts lines behind one that the file has. */
export function applyBlock(root: string, { language, title, text }: Block): void {
  const path = join(root, title);
  if (language === "diff") {
    writeFileSync(path, patched(readFileSync(path, "utf8"), text, title));
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @param diff one line that stands in the file (or begins a line of it), marked by a space, and the new ones behind it, marked by + */
export function patched(file: string, diff: string, name: string): string {
  const [first, ...rest] = diff.trimEnd().split("\n");
  const anchor = first.slice(1);
  if (!first.startsWith(" ") || rest.length === 0 || rest.some((line) => !line.startsWith("+")))
    throw new RangeError(`not a line of ${name} with new ones behind it:\n${diff}`);
  const found = file.split(anchor).length - 1;
  if (found !== 1) throw new RangeError(`${name} has "${anchor}" ${found} times, not once`);
  const added = rest.map((line) => line.slice(1)).join("\n");
  return file.replace(anchor, () => `${anchor}\n${added}`);
}
