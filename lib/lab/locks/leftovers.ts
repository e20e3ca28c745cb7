import { lstatSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeDeadParts } from "../../io/atomic";
import { makerRuns, ownedName } from "../../io/owner";
import { resultsFolder, workFolder } from "../../records/paths";

/** What helpers' folders in the temporary directory are called, and those of `iopfl verify` in the work folder. */
const helpers = "iop-fl-helpers-";
const verification = "verify-";
export const helperFolderPrefix = (): string => join(tmpdir(), ownedName(helpers));
export const verifyFolderPrefix = (): string => join(workFolder, ownedName(verification));

/** Where files are written below the work folder; the rest of it (environments, the engine) has thousands that we never write. */
const written = ["checkpoints", "data", "models", "notebooks", "predictions", "slurm"];

/** Removes what commands left behind that were killed: parts of files, and folders that only they used. Fails nothing. */
export function removeLeftovers(): void {
  for (const folder of written) removePartsBelow(join(workFolder, folder));
  removePartsBelow(resultsFolder());
  removePartsBelow(workFolder, 0);
  removeFolders(workFolder, verification, true);
  removeFolders(tmpdir(), helpers, false);
}

function removePartsBelow(folder: string, depth = 6): void {
  for (const entry of entriesOf(folder))
    if (depth > 0 && entry.isDirectory()) removePartsBelow(join(folder, entry.name), depth - 1);
  quietly(() => removeDeadParts(folder));
}

/** @param unnamed whether those go too that name no maker: in our own folder nobody else makes any */
function removeFolders(folder: string, prefix: string, unnamed: boolean): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (!entry.name.startsWith(prefix) || !entry.isDirectory() || !isOurs(path)) continue;
    const named = /^[0-9a-f]{8}-\d+-/.test(entry.name.slice(prefix.length));
    if (named ? makerRuns(entry.name) === false : unnamed)
      quietly(() => rmSync(path, { recursive: true, force: true }));
  }
}

const isOurs = (path: string): boolean =>
  process.getuid === undefined || lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid();

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // Not there, or not ours to read.
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // It stays for the next command; this one has something else to do.
  }
}
