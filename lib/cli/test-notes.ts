import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { workFolder } from "../records/paths";

/** Where `notes-reporter.cjs` notes which tests were left out and how long each file took. */
const notesPath = (): string => join(workFolder, "test-notes.txt");

/** Arguments of `node --test` that keep the notes, beside the usual output. */
export const reporterArguments = (): string[] => [
  ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
  ...[`--test-reporter=${join(__dirname, "notes-reporter.cjs")}`, `--test-reporter-destination=${notesPath()}`],
];

export const forgetNotes = (): void => rmSync(notesPath(), { force: true });

/** @returns how many tests were left out for each reason */
export function readLeftOut(): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const [reason] of notes("left out")) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return reasons;
}

/** @returns the files whose tests took longest, the slowest first */
export function readSlowest(count: number): { readonly file: string; readonly seconds: number }[] {
  const all = notes("seconds").map(([seconds, file]) => ({ file, seconds: Number(seconds) }));
  return all.sort((a, b) => b.seconds - a.seconds).slice(0, count);
}

/** @returns what follows the kind on each of its lines */
function notes(kind: string): string[][] {
  if (!existsSync(notesPath())) return [];
  const lines = readFileSync(notesPath(), "utf8").split("\n");
  return lines.map((line) => line.split("\t")).flatMap(([first, ...rest]) => (first === kind ? [rest] : []));
}

/** A part that one of our own commands would have added: CI runs it, so there nothing of it may be left out. */
export const canBeAdded = (reason: string): boolean => /\bnpm (run|ci|install)\b|\bnpx iopfl\b/.test(reason);
