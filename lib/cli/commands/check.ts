import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { projectRoot } from "../../records/paths";
import { describeSeconds } from "../../core/duration";

interface Step {
  readonly id: string;
  readonly title: string;
  /** Arguments of Node.js. */
  readonly run: () => readonly string[];
}

const bin = (path: string) => join("node_modules", ...path.split("/"));
const iopfl = join("lib", "cli", "iopfl.cjs");
const register = `.${sep}${join("lib", "cli", "register.cjs")}`;

/** Milliseconds: a test that hangs fails, instead of keeping the whole check waiting. */
const longestTest = 10 * 60_000;

/** The whole check, quick steps first. */
const steps: readonly Step[] = [
  { id: "types", title: "types, TypeScript 5.9", run: () => [bin("typescript/bin/tsc"), "-p", "."] },
  {
    id: "types-5.0",
    title: "types, TypeScript 5.0 as in notebooks",
    run: () => [bin("typescript-5.0/bin/tsc"), "-p", "."],
  },
  { id: "lint", title: "lint", run: () => [bin("eslint/bin/eslint.js"), "lib", "test"] },
  {
    id: "format",
    title: "one format",
    run: () => [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."],
  },
  {
    id: "arrows",
    title: "arrows between the rooms of lib/",
    run: () => [bin("dependency-cruiser/bin/dependency-cruise.mjs"), "lib", "--config", ".dependency-cruiser.cjs"],
  },
  { id: "clean", title: "committed notebooks are clean", run: () => [iopfl, "notebooks", "--check"] },
  {
    id: "unit",
    title: "unit tests",
    run: () => ["-r", register, "--test", "--test-concurrency=2", `--test-timeout=${longestTest}`, ...testFiles()],
  },
  { id: "golden", title: "golden tests", run: () => ["-r", register, join("test", "golden.ts")] },
  { id: "notebook", title: "a notebook, headless", run: () => [iopfl, "notebooks", "01-data", "--profile", "quick"] },
];

/** `npm test` runs every step, also after a failure; `iopfl check lint unit` runs those named. @throws WorkbenchError when one failed */
export function check(names: readonly string[]): void {
  const unknown = names.find((name) => !steps.some(({ id }) => id === name));
  if (unknown)
    throw new WorkbenchError(`unknown step "${unknown}"`, `use any of ${steps.map(({ id }) => id).join(", ")}`);
  const chosen = steps.filter(({ id }) => names.length === 0 || names.includes(id));
  const failed: string[] = [];
  for (const { id, title, run } of chosen) {
    const started = Date.now();
    process.stdout.write(`\n== ${id}: ${title}\n`);
    const { status } = spawnSync(process.execPath, run(), { cwd: projectRoot, stdio: "inherit" });
    process.stdout.write(
      `== ${id}: ${status === 0 ? "ok" : "FAILED"}, ${describeSeconds((Date.now() - started) / 1000)}\n`,
    );
    if (status !== 0) failed.push(id);
  }
  process.stdout.write(`\n${chosen.length - failed.length} passed, ${failed.length} failed\n`);
  if (failed.length > 0)
    throw new WorkbenchError(`failed: ${failed.join(", ")}`, `run one alone with npx iopfl check ${failed[0]}`);
}

function testFiles(): string[] {
  return (readdirSync(join(projectRoot, "test"), { recursive: true }) as string[])
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", file))
    .sort();
}
