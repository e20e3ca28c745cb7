import { readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { writeAtomic } from "../../io/atomic";
import { projectRoot, workFolder } from "../../records/paths";
import { cleanNotebook, isClean } from "../../notebook/runner/clean";
import { notebookDiff } from "../../notebook/runner/diff";
import { junitXml } from "../../notebook/runner/junit";
import { runNotebooks } from "../../notebook/runner/run-notebooks";
import { summarise } from "../../notebook/runner/summary";
import { keyValues } from "../key-values";

interface ExecuteOptions {
  readonly profile: string;
  readonly engine: string;
  readonly set?: readonly string[];
  readonly parallel?: number;
  readonly cellTimeout?: number;
  readonly timeout?: number;
}

const folder = join(projectRoot, "notebooks");

/** `iopfl notebooks [names...]` */
export async function notebooks(
  names: readonly string[],
  options: ExecuteOptions & { readonly clean: boolean; readonly check: boolean; readonly diff?: string | boolean },
): Promise<void> {
  if (options.clean) {
    for (const path of pathsOf(names))
      process.stdout.write(`${cleanNotebook(path) ? "cleaned" : "was clean"}  ${basename(path)}\n`);
    return;
  }
  if (options.check) {
    const dirty = pathsOf(names)
      .filter((path) => !isClean(path))
      .map((path) => basename(path));
    if (dirty.length > 0)
      throw new WorkbenchError(
        `not clean: ${dirty.join(", ")}`,
        "npx iopfl notebooks --clean removes outputs and counts",
      );
    return;
  }
  if (options.diff) {
    const commit = options.diff === true ? "HEAD" : options.diff;
    for (const path of pathsOf(names)) process.stdout.write(notebookDiff(path, commit));
    return;
  }
  await executeNotebooks(names, options);
}

/** Executes notebooks (all, when none is named) and prints a summary. @throws WorkbenchError when one failed */
export async function executeNotebooks(
  names: readonly string[],
  { profile, engine, set, parallel = 1, cellTimeout = 300, timeout = 900 }: ExecuteOptions,
): Promise<void> {
  const outputFolder = join(workFolder, "notebooks");
  const outcomes = await runNotebooks(
    {
      notebooks: pathsOf(names),
      profile,
      engine,
      set: keyValues(set),
      parallel,
      cellTimeout,
      notebookTimeout: timeout,
      outputFolder,
    },
    ({ name, cell, count }) =>
      process.stderr.isTTY && process.stderr.write(`\r\x1b[2K${name}: cell ${cell} of ${count}`),
  );
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
  writeAtomic(join(outputFolder, "junit.xml"), junitXml(outcomes));
  process.stdout.write(`${summarise(outcomes)}\n`);
  const failed = outcomes.filter(({ passed }) => !passed).map(({ name }) => name);
  if (failed.length > 0)
    throw new WorkbenchError(
      `failed: ${failed.join(", ")}`,
      `open the executed copies in ${relative(process.cwd(), outputFolder)}`,
    );
}

function pathsOf(names: readonly string[]): string[] {
  const known = readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb"))
    .map((file) => basename(file, ".ipynb"))
    .sort();
  const wanted = names.length > 0 ? names.map((name) => basename(name, ".ipynb")) : known;
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown) throw new WorkbenchError(`unknown notebook "${unknown}"`, `use one of ${known.join(", ")}`);
  return wanted.map((name) => join(folder, `${name}.ipynb`));
}
