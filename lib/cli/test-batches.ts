import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/hash";
import { projectRoot, workFolder } from "../records/paths";

/**
 * Rooms of test/ whose files leave their process as they found it: environment, working folder, modules. Several of them share a
 * process, since loading the library takes each process one to two seconds, which is more than most of them need.
 */
const sharing = ["bench", "core", "data", "engine", "federation", "hospital", "io", "methods", "nets", "stats"];

/** More would keep one process busy when all others have ended. */
const filesInBatch = 6;

/**
 * @param files paths of tests, relative to the project
 * @returns what `node --test` is to run: files of their own processes, and files that load several
 */
export function batchTests(files: readonly string[], folder = join(workFolder, "test-batches")): string[] {
  const room = (file: string): string => file.split(/[\\/]/)[1];
  mkdirSync(folder, { recursive: true });
  const batches = sharing.flatMap((name) => {
    const own = files.filter((file) => room(file) === name);
    const count = Math.ceil(own.length / filesInBatch);
    // Dealt like cards: what is long stands together in the alphabet as well.
    return Array.from({ length: count }, (_, nth) =>
      writeBatch(
        join(folder, name),
        own.filter((_file, place) => place % count === nth),
      ),
    );
  });
  return [...batches, ...files.filter((file) => !sharing.includes(room(file)))];
}

/**
 * A suite for each file: its hooks are for its own tests, and one that cannot be loaded leaves the others. Named by its content, so that a
 * check beside this one writes other files or the same.
 */
function writeBatch(start: string, files: readonly string[]): string {
  const suites = files.map(
    (file) => `describe(${JSON.stringify(file)}, () => void require(${JSON.stringify(join(projectRoot, file))}));\n`,
  );
  const text = `const { describe } = require("node:test");\n${suites.join("")}`;
  const path = `${start}-${sha256(text).slice(0, 12)}.test.cjs`;
  writeFileSync(path, text);
  return path;
}
