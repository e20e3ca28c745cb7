import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { projectRoot } from "../../lab/paths";
import { describeSeconds } from "../progress-line";

/** The whole check, quick steps first. Each is a command that can be run by itself. */
const steps: readonly { readonly name: string; readonly command: () => readonly string[] }[] = [
  { name: "types (TypeScript 5.9)", command: () => [node, bin("typescript/bin/tsc"), "-p", "."] },
  { name: "types (TypeScript 5.0, as in notebooks)", command: () => [node, bin("typescript-5.0/bin/tsc"), "-p", "."] },
  { name: "lint", command: () => [node, bin("eslint/bin/eslint.js"), "lib", "test"] },
  { name: "arrows between rooms", command: () => [node, bin("dependency-cruiser/bin/dependency-cruise.mjs"), "lib", "--config", ".dependency-cruiser.cjs"] },
  { name: "committed notebooks are clean", command: () => [node, join("lib", "cli", "iopfl.cjs"), "notebooks", "--check"] },
  { name: "unit tests", command: () => [node, "-r", "ts-node/register", "--test", "--test-concurrency=2", ...testFiles()] },
  { name: "golden tests", command: () => [node, "-r", "ts-node/register", join("test", "golden.ts")] },
  { name: "a notebook, headless", command: () => [node, join("lib", "cli", "iopfl.cjs"), "notebooks", "01-data", "--profile", "quick"] },
];
const node = process.execPath;
const bin = (path: string) => join("node_modules", ...path.split("/"));

/** `npm test`: runs every step, also after a failure, and fails if any did. */
export function check(): void {
  const failed: string[] = [];
  for (const { name, command } of steps) {
    const started = Date.now();
    process.stdout.write(`\n== ${name}\n`);
    const [program, ...args] = command();
    const { status } = spawnSync(program, args, { cwd: projectRoot, stdio: "inherit" });
    process.stdout.write(`== ${name}: ${status === 0 ? "ok" : "FAILED"}, ${describeSeconds((Date.now() - started) / 1000)}\n`);
    if (status !== 0) failed.push(name);
  }
  process.stdout.write(`\n${steps.length - failed.length} passed, ${failed.length} failed\n`);
  if (failed.length > 0) throw new WorkbenchError(`failed: ${failed.join(", ")}`, "scroll up to each one's own message");
}

function testFiles(): string[] {
  return (readdirSync(join(projectRoot, "test"), { recursive: true }) as string[])
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", file))
    .sort();
}
