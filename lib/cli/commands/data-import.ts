import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { imageSetNames, type ImageSetName } from "../../data/sets/image-set-names";
import { imageSets, type ImageSet } from "../../data/sets/image-sets";
import type { ImportedCase } from "../../data/import/import-cases";
import { openSource } from "../../data/import/source";
import { importInParallel } from "../../data/import/workers";
import type { SplitMode } from "../../data/set/splits";
import { caseCache } from "../../records/dataset";
import { projectRoot } from "../../records/paths";

interface ImportOptions {
  readonly to?: string;
  readonly side: number;
  readonly split: "auto" | "official" | "seeded" | "kfold" | "ratio";
  readonly folds: number;
  /** Shares of training, validation and test: `7:1:2`. */
  readonly ratio: string;
  readonly workers?: number;
}

/** The seed of the lots that are shown: that of the paper profile. */
const lots = 0;
/** Each process reads whole images, and the disk is one. */
const mostProcesses = 4;
const print = (line: string) => process.stdout.write(`${line}\n`);

/**
 * `iopfl data import <set> <folder-or-zip>`: checks, copies and prepares a real set; reports everything that is missing or odd at
 * once.
 */
export async function importData(name: string, from: string, options: ImportOptions): Promise<void> {
  if (!imageSetNames.includes(name as ImageSetName))
    throw new WorkbenchError(`unknown set "${name}"`, `use one of ${imageSetNames.join(", ")}`);
  if (options.side % 16 !== 0)
    throw new WorkbenchError(`invalid side ${options.side}`, "use a multiple of 16; the paper's is 384");
  modesOf(options);
  const set = imageSets[name as ImageSetName];
  const folder = options.to ? resolve(options.to) : resolve(projectRoot, "dataset", name);
  const source = openSource(resolve(from));
  const plan = set.plan(source.names);
  if (plan.cases.length === 0)
    throw new WorkbenchError(`${from} holds no case of the ${name} set`, "see dataset/README.md for its layout");
  const share = {
    set: name as ImageSetName,
    from: resolve(from),
    cases: plan.cases,
    folder: resolve(from) === folder ? undefined : folder,
    side: options.side,
    cache: caseCache(),
  };
  const processes = Math.min(options.workers ?? Math.min(mostProcesses, availableParallelism()), plan.cases.length);
  const { cases, faults, notes } = await importInParallel(share, processes, progress(Date.now()));
  printCounts(set, cases);
  printNotes(notes);
  const all = [...source.refused.map((link) => `${link} is a link, which is not followed`), ...plan.faults, ...faults];
  for (const fault of all) print(`FAULT ${fault}`);
  if (cases.length > 0) printSplit(set, folder, options);
  print(
    `${cases.length} cases in ${relative(process.cwd(), folder) || "."}, ` +
      `prepared at ${options.side} x ${options.side} for both readings`,
  );
  if (all.length > 0)
    throw new WorkbenchError(
      `${all.length} faults in ${from}`,
      "what can be used was imported; mend the rest and import again",
    );
}

function progress(start: number): (done: number, total: number) => void {
  return (done, total) => {
    if (done % 10 !== 0 && done !== total) return;
    const left = ((Date.now() - start) / done) * (total - done);
    process.stderr.write(
      `import: ${done} of ${total} cases${done < total ? `, ${Math.ceil(left / 1000)} s left` : ""}\n`,
    );
  };
}

function printCounts(set: ImageSet, imported: readonly ImportedCase[]): void {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const line = (
    label: string,
    found: readonly ImportedCase[],
    published: readonly { cases: number; slices: number }[],
  ) => {
    const [cases, slices] = [sum(published.map((each) => each.cases)), sum(published.map((each) => each.slices))];
    // A photograph is one slice.
    const counted =
      slices === cases ? "" : `, ${sum(found.map((each) => each.slices))} labelled slices (published ${slices})`;
    print(`${label}: ${found.length} of ${cases} cases${counted}`);
  };
  for (const site of set.sites)
    line(
      site,
      imported.filter((each) => each.site === site),
      [set.published(site)],
    );
  line(
    "all sites",
    imported,
    set.sites.map((site) => set.published(site)),
  );
}

/** One line for each oddity, with the cases that have it. */
function printNotes(notes: readonly string[]): void {
  const cases = new Map<string, string[]>();
  for (const note of notes) {
    const [name, oddity] = [note.slice(0, note.indexOf(": ")), note.slice(note.indexOf(": ") + 2)];
    cases.set(oddity, [...(cases.get(oddity) ?? []), name]);
  }
  for (const [oddity, names] of cases)
    print(`ODD ${oddity}: ${names.slice(0, 6).join(", ")}${names.length > 6 ? ` and ${names.length - 6} more` : ""}`);
}

function printSplit(set: ImageSet, folder: string, options: ImportOptions): void {
  for (const { label, mode, yaml } of modesOf(options)) {
    const sizes = set.sites.map((site) => sizesOf(set, folder, site, { split: mode, seed: lots }));
    const note = yaml ? `; for experiments, write "split: ${yaml}" below data in the profile` : "";
    print(`split ${label} (train/validation/test): ${sizes.join(", ")}${note}`);
  }
}

/** The splits that a mode stands for, each with its words in a profile. */
function modesOf({ split, folds, ratio }: ImportOptions): { label: string; mode: SplitMode; yaml?: string }[] {
  if (split === "ratio") {
    const [train, validation, test] = ratioOf(ratio);
    return [
      {
        label: `ratio ${ratio}`,
        mode: { ratio: [train, validation, test] },
        yaml: `{ ratio: [${train}, ${validation}, ${test}] }`,
      },
    ];
  }
  if (split !== "kfold") return [{ label: split, mode: split, yaml: split === "auto" ? undefined : split }];
  return Array.from({ length: folds }, (_, fold) => ({
    label: `fold ${fold} of ${folds}`,
    mode: { folds, fold },
    yaml: `{ folds: ${folds}, fold: ${fold} }`,
  }));
}

function ratioOf(text: string): number[] {
  const shares = text.split(":").map(Number);
  if (shares.length === 3 && shares.every((share) => share > 0 && Number.isFinite(share))) return shares;
  throw new WorkbenchError(
    `invalid ratio "${text}"`,
    "give the shares of training, validation and test, for example 7:1:2",
  );
}

/** Sizes of the three parts of a site; a dash where it cannot be split, unless that was asked for by name. */
function sizesOf(set: ImageSet, folder: string, site: string, options: { split: SplitMode; seed: number }): string {
  try {
    const { train, validation, test } = set.split(folder, site, options).split;
    return `${site} ${train.length}/${validation.length}/${test.length}`;
  } catch (error) {
    if (options.split === "official" || !(error instanceof WorkbenchError)) throw error;
    return `${site} –`;
  }
}
