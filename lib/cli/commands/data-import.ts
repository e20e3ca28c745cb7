import { relative, resolve } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { imageSetNames, type ImageSetName } from "../../data/sets/image-set-names";
import { imageSets } from "../../data/sets/image-sets";
import { importInParallel } from "../../data/import/workers";
import type { ImageSet } from "../../data/set/image-set";
import { splitSite } from "../../data/set/load";
import { openSource } from "../../data/set/source";
import type { SplitMode } from "../../data/set/splits";
import { caseCache } from "../../records/dataset";
import { projectRoot } from "../../records/paths";
import { print, printFindings, refuseFaults } from "./data-findings";
import { processesFor, progress } from "./data-processes";

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
  const processes = processesFor(plan.cases, options.workers);
  const result = await importInParallel(share, processes, progress("import", Date.now()));
  const { cases } = result;
  const faults = printFindings(set, source, plan, result);
  for (const missing of plan.missing) print(`FAULT ${missing}`);
  if (cases.length > 0) printSplit(set, folder, options);
  print(
    `${cases.length} cases in ${relative(process.cwd(), folder) || "."}, ` +
      `prepared at ${options.side} x ${options.side} for both readings`,
  );
  refuseFaults(faults + plan.missing.length, from, "what can be used was imported; mend the rest and import again");
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
    const { train, validation, test } = splitSite(set, folder, site, options).split;
    return `${site} ${train.length}/${validation.length}/${test.length}`;
  } catch (error) {
    if (options.split === "official" || !(error instanceof WorkbenchError)) throw error;
    return `${site} –`;
  }
}
