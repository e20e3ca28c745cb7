import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { workFolder } from "../records/paths";

/** Where the tests that are left out are listed; see `skipped-reporter.cjs`. */
const listPath = (): string => join(workFolder, "left-out.txt");

/** Arguments of `node --test` that keep the list, beside the usual output. */
export const reporterArguments = (): string[] => [
  ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
  ...[`--test-reporter=${join(__dirname, "skipped-reporter.cjs")}`, `--test-reporter-destination=${listPath()}`],
];

export const forgetLeftOut = (): void => rmSync(listPath(), { force: true });

/** @returns how many tests were left out for each reason */
export function readLeftOut(): Map<string, number> {
  const lines = existsSync(listPath()) ? readFileSync(listPath(), "utf8").split("\n").filter(Boolean) : [];
  const reasons = new Map<string, number>();
  for (const line of lines) {
    const [reason] = line.split("\t");
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return reasons;
}

/** A part that one of our own commands would have added: CI runs it, so there nothing of it may be left out. */
export const canBeAdded = (reason: string): boolean => /\bnpm (run|ci|install)\b|\bnpx iopfl\b/.test(reason);
