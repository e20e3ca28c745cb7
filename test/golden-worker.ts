import { existsSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../lib/core/errors";
import { startEngine, type EngineName } from "../lib/engine";
import { openGoldenCase, type GoldenCheck } from "./golden-cases/golden-case";

/** What a worker prints about one case, as one line of JSON. */
export interface CaseReport {
  readonly name: string;
  readonly comparisons: number;
  readonly failures: readonly string[];
  readonly milliseconds: number;
}

/** @returns the check of a case, or nothing while it is not written. */
export function loadCheck(name: string): GoldenCheck | undefined {
  const file = join(__dirname, "golden-cases", `${name}.ts`);
  return existsSync(file) ? (require(file) as { check: GoldenCheck }).check : undefined;
}

async function runCase(folder: string, name: string): Promise<CaseReport> {
  const start = Date.now();
  const failures: string[] = [];
  let comparisons = 0;
  try {
    const golden = openGoldenCase(folder, name);
    await loadCheck(name)?.run(golden);
    const report = golden.report();
    ({ comparisons } = report);
    failures.push(...report.failures, ...report.unused.map((key) => `tensor "${key}" was never used`));
    if (comparisons === 0) failures.push("nothing was compared");
  } catch (error) {
    failures.push(describeError(error));
  }
  return { name, comparisons, failures, milliseconds: Date.now() - start };
}

/** Arguments: folder, engine (or `none`), then the names of cases. */
async function main([folder, engine, ...names]: string[]): Promise<void> {
  if (engine !== "none") await startEngine(engine as EngineName);
  for (const name of names) console.log(JSON.stringify(await runCase(folder, name)));
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
}
