import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../make-notebook";

/** Jupyter's other programs live apart from the JupyterLab that users get; IOPFL_TEST_PYTHON names another interpreter that has them. */
export const python = process.env.IOPFL_TEST_PYTHON ?? join(projectRoot, ".workbench", "test-venv", "bin", "python");

/** @returns why a test with that package cannot run here; false when it can */
export function lacks(name: string): string | false {
  const found = existsSync(python) && spawnSync(python, ["-c", `import ${name}`], { stdio: "ignore" }).status === 0;
  return found
    ? false
    : `no ${name}: python3 -m venv .workbench/test-venv && .workbench/test-venv/bin/pip install --require-hashes -r test/notebook/jupyter/requirements.lock`;
}
