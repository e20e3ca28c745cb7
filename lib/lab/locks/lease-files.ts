import { closeSync, fsyncSync, linkSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../../core/errors";
import { isRunning, type Owner } from "../../io/owner";

/** What a lease says: who holds it, how often its holder has written it, and whether it was given back. */
const claimSchema = z.object({
  token: z.string(),
  pid: z.int().positive(),
  started: z.string(),
  machine: z.string(),
  beat: z.int(),
  released: z.literal(true).optional(),
});
export interface Claim extends Owner {
  readonly beat: number;
  readonly released?: true;
}

/** @returns what a lease says, or `undefined` when it says nothing: it was being written when the machine lost power */
export function parseClaim(text: string): Claim | undefined {
  try {
    return claimSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Of file systems without hard links (exFAT, some FUSE and object stores) each says it in its own way. */
const withoutLinks = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EACCES", "EINVAL"];

/**
 * Puts a whole file at a place where there is none. Where there are no hard links, it is made at its place and then filled: whoever
 * looks in between cannot read it and waits a little.
 * @returns false when another process was first
 * @throws WorkbenchError when the folder cannot be written
 */
export function createOnce(path: string, text: string, token: string): boolean {
  const temporary = `${path}.${token}.tmp`;
  try {
    writeFlushed(temporary, text, "w");
    if (!linked(temporary, path)) writeFlushed(path, text, "wx");
    return true;
  } catch (error) {
    // EEXIST: another was first. ENOENT: another took our file for what a dead process left; we ask again later.
    if (["EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw unwritable(path, error);
  } finally {
    ignoringFaults(() => rmSync(temporary, { force: true }));
  }
}

/** @returns false where the file system has no hard links */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (withoutLinks.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Flushed, or a power cut may leave a file without content. */
function writeFlushed(path: string, text: string, flag: "w" | "wx"): void {
  const file = openSync(path, flag);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes what processes left that died while they took a lease. */
export function removeParts(folder: string): void {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".tmp"))) {
    const claim = parseClaim(readOrEmpty(join(folder, file)));
    if (!claim || isRunning(claim) === false) ignoringFaults(() => rmSync(join(folder, file), { force: true }));
  }
}

export function unwritable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined
    ? error
    : new WorkbenchError(`cannot write ${path} (${code})`, "make the folder writable, or name another with IOPFL_WORK");
}

/** A lease is a help, not a result: a heartbeat that cannot be written must not fail a job. */
export function ignoringFaults(work: () => void): void {
  try {
    work();
  } catch {
    // The holder's process is seen by its id; on another machine it is taken for dead in the end, and the job is done twice.
  }
}
