import { sum } from "../../core/mean";
import { printable, WorkbenchError } from "../../core/errors";
import type { PublishedSet } from "../../data/set/image-set";
import type { ImportPlan } from "../../data/set/plan";
import type { FileSource } from "../../data/set/source";
import type { ImportedCase, ImportResult } from "../../data/import/import-cases";

/** Lines hold names of files, which are hostile text. */
export const print = (line: string): void => void process.stdout.write(`${printable(line)}\n`);

/**
 * Prints what was found of a set: cases and slices of every site beside the published numbers, what is odd, and every fault.
 * @returns how many faults there are
 */
export function printFindings(
  set: PublishedSet,
  { refused }: Pick<FileSource, "refused">,
  plan: ImportPlan,
  { cases, faults, notes }: ImportResult,
): number {
  for (const site of set.sites) printCount(site, cases, [set.published(site)]);
  printCount(
    "all sites",
    cases,
    set.sites.map((site) => set.published(site)),
  );
  for (const note of plan.notes) print(`NOTE ${note}`);
  printOddities(notes);
  const all = [
    ...refused.map((name) => `${name} is a link or no file, which is not followed`),
    ...plan.faults,
    ...faults,
  ];
  for (const fault of all) print(`FAULT ${fault}`);
  return all.length;
}

/** @param site a site's name, or words for all of them */
function printCount(
  site: string,
  imported: readonly ImportedCase[],
  published: readonly { readonly cases: number; readonly slices: number }[],
): void {
  const found = published.length === 1 ? imported.filter((each) => each.site === site) : imported;
  const [cases, slices] = [sum(published.map((each) => each.cases)), sum(published.map((each) => each.slices))];
  // A photograph is one slice.
  const counted =
    slices === cases ? "" : `, ${sum(found.map((each) => each.slices))} labelled slices (published ${slices})`;
  print(`${site}: ${found.length} of ${cases} cases${counted}`);
}

/** One line for each oddity, with the cases that have it. */
function printOddities(notes: readonly string[]): void {
  const cases = new Map<string, string[]>();
  for (const note of notes) {
    const [name, oddity] = [note.slice(0, note.indexOf(": ")), note.slice(note.indexOf(": ") + 2)];
    cases.set(oddity, [...(cases.get(oddity) ?? []), name]);
  }
  for (const [oddity, names] of cases)
    print(`ODD ${oddity}: ${names.slice(0, 6).join(", ")}${names.length > 6 ? ` and ${names.length - 6} more` : ""}`);
}

/** @throws WorkbenchError when there are faults */
export function refuseFaults(count: number, from: string, hint: string): void {
  if (count > 0) throw new WorkbenchError(`${count} fault${count === 1 ? "" : "s"} in ${from}`, hint);
}
