import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { quote, WorkbenchError } from "../core/errors";
import { sha256 } from "../core/hash";
import { makeWritable, removeDeadParts, writeAtomic } from "../io/atomic";
import { readText, readWhole } from "../io/byte-source";

/** What a folder's files were when they were written here: the only ones that are written over. */
const ledgerName = "made-here.json";
const ledgerSchema = z.strictObject({
  madeBy: z.literal("iopfl"),
  /** By place the SHA-256 of what lies there; while it is being replaced, of both. */
  files: z.record(z.string(), z.array(z.string())),
});

/** A folder of results in which nothing is lost that was not made here. */
export interface OwnFolder {
  /** @returns the bytes of a file that is as it was written here; nothing where there is none, or where somebody changed it */
  read(place: string): Uint8Array | undefined;
  /** @throws WorkbenchError when something else is there: a mask that was corrected by hand, a link, a folder */
  assertOwn(place: string): void;
  /** Writes a file whole or not at all. @throws WorkbenchError as `assertOwn`, and when it cannot be written */
  write(place: string, bytes: Uint8Array | string): void;
}

/**
 * Opens a folder, or makes it. What was killed while it wrote is told from what others wrote: the ledger names a file before it is there.
 * @throws WorkbenchError when the folder holds something and is not one of ours
 */
export function openOwnFolder(path: string): OwnFolder {
  const ledgerPath = join(path, ledgerName);
  const files = readLedger(path, ledgerPath);
  makeWritable(path);
  const writeLedger = () =>
    writeAtomic(ledgerPath, JSON.stringify({ madeBy: "iopfl", files: Object.fromEntries(files) }, null, 1));
  if (!existsSync(ledgerPath)) writeLedger();
  removeDeadParts(path);
  const hashAt = (place: string) => {
    const stat = lstatSync(join(path, place), { throwIfNoEntry: false });
    if (!stat) return undefined;
    return stat.isFile() ? sha256(readWhole(join(path, place), place)) : "no plain file";
  };
  const assertOwn = (place: string): string | undefined => {
    for (let cut = place.indexOf("/"); cut > 0; cut = place.indexOf("/", cut + 1))
      if (lstatSync(join(path, place.slice(0, cut)), { throwIfNoEntry: false })?.isSymbolicLink())
        throw foreign(place.slice(0, cut), "is a link");
    const there = hashAt(place);
    if (there !== undefined && !files.get(place)?.includes(there)) throw foreign(place, "is not as it was made here");
    return there;
  };
  return {
    read(place) {
      const there = hashAt(place);
      return there !== undefined && files.get(place)?.includes(there) ? readWhole(join(path, place), place) : undefined;
    },
    assertOwn: (place) => void assertOwn(place),
    write(place, content) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const there = assertOwn(place);
      const hash = sha256(bytes);
      if (there === hash) return;
      files.set(place, [hash, ...(there === undefined ? [] : [there])]);
      writeLedger();
      writeAtomic(join(path, place), bytes);
    },
  };
}

const foreign = (place: string, what: string) =>
  new WorkbenchError(
    `${quote(place)} in the folder of results ${what}`,
    "it is left as it is; move it away, or name another folder with --out",
  );

function readLedger(path: string, ledgerPath: string): Map<string, string[]> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return new Map();
  const known = existsSync(ledgerPath)
    ? ledgerSchema.safeParse(parse(readText(ledgerPath, ledgerPath))).data
    : undefined;
  if (known) return new Map(Object.entries(known.files));
  if (stat.isDirectory() && readdirSync(path).every((name) => name.startsWith("."))) return new Map();
  throw new WorkbenchError(
    `${path} is not empty and not a folder of results`,
    "name an empty or a new folder with --out; nothing in it was touched",
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
