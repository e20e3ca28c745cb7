import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { projectRoot } from "../../records/paths";
import { sourcesHash } from "../../records/sources";
import type { TypeFault } from "./type-fault";
import { loadTypescript } from "../../core/load-typescript";

/** What a notebook imports, and what its workers run. */
const entries = ["lib/notebook/index.ts", "lib/lab/execute/worker.ts"];
const folder = join(projectRoot, ".workbench", "cache", "types");

let underWay: { readonly state: string; readonly faults: Promise<readonly TypeFault[]> } | undefined;

/**
 * Checks the types of lib/ as it is now, in a process of its own. A state that was found without fault is remembered, also for other
 * kernels, and who asks again while it is being checked waits for the same answer.
 * @returns the faults; empty also where no check could be made: it is a help and no gate
 */
export function checkTypes(): Promise<readonly TypeFault[]> {
  const state = stateOfSources();
  if (isKnownGood(state)) return Promise.resolve([]);
  if (underWay?.state === state) return underWay.faults;
  const faults = runChecker().then((found) => {
    if (found?.length === 0 && stateOfSources() === state) rememberGood(state);
    return found ?? [];
  });
  underWay = { state, faults };
  return faults;
}

/**
 * For who checks all of the project's types in another way, as `npm test` does: what was found without fault need not be checked by kernels.
 * @returns to be called when no fault was found
 */
export function watchTypes(): () => void {
  const state = stateOfSources();
  return () => {
    if (stateOfSources() === state) rememberGood(state);
  };
}

/** @returns undefined where the checker died, or could not be started */
function runChecker(): Promise<readonly TypeFault[] | undefined> {
  const child = fork(join(__dirname, "type-worker.ts"), [JSON.stringify({ root: projectRoot, entries, folder })], {
    cwd: projectRoot,
    execArgv: [...loadTypescript],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  return new Promise((resolve) => {
    let found: readonly TypeFault[] | undefined;
    child.on("message", (faults: TypeFault[]) => (found = faults));
    child.on("error", () => resolve(undefined));
    child.on("exit", () => {
      process.off("exit", end);
      resolve(found);
    });
  });
}

/** All that the answer depends on, but for the packages: those do not change under a running kernel. */
function stateOfSources(): string {
  const settings = ["tsconfig.json", "package.json"].map((name) => readFileSync(join(projectRoot, name), "utf8"));
  return sha256([...settings, sourcesHash(["lib"])].join("\0"));
}

const verdict = join(folder, "good");

function isKnownGood(state: string): boolean {
  try {
    return readFileSync(verdict, "utf8") === state;
  } catch {
    return false;
  }
}

function rememberGood(state: string): void {
  try {
    writeAtomic(verdict, state, { flush: false });
  } catch {
    // Where it cannot be kept, the next kernel checks again.
  }
}
