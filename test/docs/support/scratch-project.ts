import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../../lib/core/project-root";
import { giveParsed, keptOfProject } from "../../support/warm-start";

/** A copy of the project in which files can be added and its commands run; packages are those that are installed here. */
export interface ScratchProject {
  readonly root: string;
  /** @returns standard output, and what went to standard error. @throws Error with both when the command fails */
  run(commandLine: string): string;
  remove(): void;
}

const copied = ["lib", "configs", "test", "package.json", "tsconfig.json"];

export function createScratchProject(): ScratchProject {
  const root = mkdtempSync(join(tmpdir(), "iopfl-walk-"));
  for (const path of [...copied, ...keptOfProject()])
    cpSync(join(projectRoot, path), join(root, path), { recursive: true });
  linkPackages(root);
  giveParsed(join(root, "work"));
  return {
    root,
    run(commandLine) {
      const places = { IOPFL_WORK: join(root, "work"), IOPFL_RESULTS: join(root, "results") };
      // Two workers start twice, which takes longer than what is computed here.
      const environment = { ...process.env, ...places, IOPFL_WORKERS: "1" };
      // A test runner tells its children that they are part of it, by this variable.
      delete (environment as NodeJS.ProcessEnv).NODE_TEST_CONTEXT;
      const { status, stdout, stderr } = spawnSync(commandLine, {
        cwd: root,
        shell: true,
        encoding: "utf8",
        env: environment,
      });
      if (status !== 0) throw new Error(`${commandLine} ended with ${status}:\n${stdout}\n${stderr}`);
      return stdout + stderr;
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** Every package is a link, but `iopfl` is the copy's own. */
function linkPackages(root: string): void {
  const from = join(projectRoot, "node_modules");
  const to = join(root, "node_modules");
  mkdirSync(join(to, ".bin"), { recursive: true });
  for (const name of readdirSync(from).filter((each) => !each.startsWith(".") && each !== "iopfl"))
    symlinkSync(join(from, name), join(to, name));
  symlinkSync(join(root, "lib", "cli"), join(to, "iopfl"));
  symlinkSync(join(root, "lib", "cli", "iopfl.cjs"), join(to, ".bin", "iopfl"));
}
