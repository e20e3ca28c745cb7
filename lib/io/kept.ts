import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Takes what was made before from the disk, and makes it otherwise. What was changed there is made anew; the folder can be deleted at any
 * time.
 * @param parts all that the answer depends on
 * @param make gives what JSON can hold
 */
export function kept<Made>(folder: string, parts: readonly string[], make: () => Made): Made {
  const key = digest(parts);
  const path = join(folder, `${key}.json`);
  try {
    const { made, sum } = JSON.parse(readFileSync(path, "utf8")) as { made: Made; sum: string };
    if (sum === digest([key, JSON.stringify(made)])) return made;
  } catch {
    // Not there, or damaged.
  }
  const made = make();
  remember(folder, path, JSON.stringify({ made, sum: digest([key, JSON.stringify(made)]) }));
  return made;
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

/** Whole or not at all, since processes run side by side; a folder that cannot be written costs time and nothing else. */
function remember(folder: string, path: string, content: string): void {
  const temporary = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch {
    // The next process makes it again.
  }
}
