import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { writeAtomic } from "../../lib/io/atomic";
import { dirname, join } from "node:path";
import { projectRoot, workFolder } from "../../lib/records/paths";
import { sourcesHash } from "../../lib/records/sources";

/** What earlier tests and commands found out, for work folders and copies of the project in which it holds as well. */
const parsed = join(workFolder, "emitted.json");

/** Gives a new work folder what the sources compute: parsing them again takes a second. */
export function giveParsed(work: string): void {
  mkdirSync(work);
  if (existsSync(parsed)) copyFileSync(parsed, join(work, "emitted.json"));
}

/** Keeps what was added: whoever needed more than those before parsed the rest. */
export function keepParsed(work: string): void {
  const own = join(work, "emitted.json");
  if (existsSync(own) && sizeOf(own) > sizeOf(parsed)) writeAtomic(parsed, readFileSync(own));
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The phantom of one profile, whose folder is named after what it depends on; the first who draws it does so for all. */
const phantom = join(workFolder, "tests", `small-phantom-${sourcesHash(["lib/data", "lib/core"]).slice(0, 12)}`);

export function givePhantom(work: string): void {
  if (existsSync(phantom)) cpSync(phantom, join(work, "data"), { recursive: true });
}

/** To be called where nothing else was drawn. */
export function keepPhantom(work: string): void {
  const data = join(work, "data");
  if (existsSync(phantom) || !existsSync(data) || readdirSync(data).length !== 1) return;
  mkdirSync(dirname(phantom), { recursive: true });
  const copy = mkdtempSync(`${phantom}-`);
  cpSync(data, copy, { recursive: true });
  try {
    renameSync(copy, phantom);
  } catch {
    rmSync(copy, { recursive: true, force: true }); // another was faster
  }
}

const kept = ["transpiled", "transpiled-3", "declared", "types"].map((name) => join(".workbench", "cache", name));

/** @returns what of the project's caches is there: it is found by places within the project, and so in a copy of it */
export const keptOfProject = (): string[] => kept.filter((path) => existsSync(join(projectRoot, path)));
