import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { jupyterCommand } from "../../lib/notebook/jupyter/lab-command";
import { venvExists } from "../../lib/notebook/jupyter/paths";
import { notebookText, readNotebook } from "../../lib/notebook/runner/notebook-file";
import { keptOfProject } from "../support/warm-start";
import { makeNotebook, projectRoot } from "./make-notebook";

const place = realpathSync(mkdtempSync(join(tmpdir(), "iopfl-places-")));
const clone = join(place, "a clone", "of the Workbench (2)");
after(() => rmSync(place, { recursive: true, force: true }));

/** Executes a notebook as Jupyter does, with the clone's kernelspec, from some other folder. @returns the text of its last result */
function execute(path: string, ...cells: string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, notebookText(makeNotebook(...cells)));
  const { program, args } = jupyterCommand(
    "nbconvert",
    "--execute",
    "--to",
    "notebook",
    "--inplace",
    "--ExecutePreprocessor.kernel_name=iop-fl",
    path,
  );
  const { jupyterEnvironment } = require(
    join(clone, "lib", "notebook", "jupyter", "lab-command"),
  ) as typeof import("../../lib/notebook/jupyter/lab-command");
  const { status, stderr } = spawnSync(program, args, {
    cwd: tmpdir(),
    env: { ...process.env, ...jupyterEnvironment() },
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  const { cells: executed } = readNotebook(path);
  const [output] = executed[executed.length - 1].outputs ?? [];
  return [(output.data as Record<string, string | string[]>)["text/plain"]].flat().join("");
}

test(
  "the kernelspec of a clone whose path has spaces works from its notebooks and from any other folder",
  { skip: !venvExists() && "no JupyterLab: npm run setup" },
  () => {
    for (const part of ["lib", "configs", "package.json", "tsconfig.json", ...keptOfProject()])
      cpSync(join(projectRoot, part), join(clone, part), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules"), join(clone, "node_modules"));
    const { installKernelspec } = require(
      join(clone, "lib", "notebook", "kernelspec"),
    ) as typeof import("../../lib/notebook/kernelspec");
    assert.ok(installKernelspec().startsWith(clone));

    const walk = [
      'import { projectRoot } from "../lib/records/paths";\nimport { table } from "../lib/notebook";',
      "table([{ a: 1 }]);\nprojectRoot",
    ];
    assert.equal(execute(join(clone, "notebooks", "walk through.ipynb"), ...walk), `'${clone}'`);
    // A notebook that lies outside the project imports as those in notebooks/ do.
    assert.equal(execute(join(place, "some where else", "walk.ipynb"), ...walk), `'${clone}'`);
  },
);
