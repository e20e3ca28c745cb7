import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { installKernelspec } from "../../../lib/notebook/kernelspec";
import { jupyterEnvironment } from "../../../lib/notebook/jupyter/lab-command";
import { notebookText, readNotebook } from "../../../lib/notebook/runner/notebook-file";
import { makeNotebook, projectRoot, temporaryFolder } from "../make-notebook";
import { lacks, python } from "./test-venv";

const folder = temporaryFolder();
after(() => folder.remove());
installKernelspec();

function runPython(...args: string[]): { status: number | null; text: string } {
  const env = { ...process.env, ...jupyterEnvironment(), IOPFL_HEADLESS: "1", PYTHONDONTWRITEBYTECODE: "1" };
  const { status, stdout, stderr } = spawnSync(python, args, { cwd: folder.path, env, encoding: "utf8" });
  return { status, text: stdout + stderr };
}

const walk = [
  { code: 'const site = "RUNMC";\nconst rounds = 2;', tags: ["parameters"] },
  'import { table } from "../../../lib/notebook";\ntable([{ site, rounds }])',
  "console.log(`${site} ${rounds * 2}`)",
];
const metadata = {
  kernelspec: { name: "iop-fl", display_name: "TypeScript (IOP-FL Workbench)", language: "typescript" },
};

test("jupyter_kernel_test: the public conformance suite passes", { skip: lacks("jupyter_kernel_test") }, (context) => {
  const { status, text } = runPython(join(projectRoot, "test", "notebook", "jupyter", "conformance.py"), "-v");
  assert.equal(status, 0, text);
  context.diagnostic(/Ran \d+ tests.*/.exec(text)?.[0] ?? text);
});

test("papermill runs a notebook, and fails where a cell fails", { skip: lacks("papermill") }, () => {
  const papermill = (name: string, ...cells: Parameters<typeof makeNotebook>) => {
    const path = folder.write(`${name}.ipynb`, notebookText({ ...makeNotebook(...cells), metadata }));
    const copy = join(folder.path, `${name}-copy.ipynb`);
    return { copy, ...runPython("-m", "papermill", path, copy) };
  };
  const { status, text, copy } = papermill("walk", ...walk);
  assert.equal(status, 0, text);
  const { cells } = readNotebook(copy);
  const [printed] = cells[cells.length - 1].outputs ?? [];
  assert.equal([printed.text].flat().join(""), "RUNMC 4\n");
  assert.match(papermill("failing", "1", "throw new Error('no')").text, /PapermillExecutionError[^]*Error: no/);
});

test("nbval compares a notebook's outputs with those of a new run", { skip: lacks("nbval") }, () => {
  const outputs = [{ output_type: "stream" as const, name: "stdout", text: ["RUNMC 4\n"] }];
  const notebook = { ...makeNotebook(...walk), metadata };
  notebook.cells[2] = { ...notebook.cells[2], execution_count: 3, outputs };
  const path = folder.write("valid.ipynb", notebookText(notebook));
  const nbval = (file: string, how: string) => runPython("-m", "pytest", "-q", "-p", "no:cacheprovider", how, file);
  const lax = nbval(path, "--nbval-lax");
  assert.equal(lax.status, 0, lax.text);
  const wrong = folder.write(
    "wrong.ipynb",
    readFileSync(path, "utf8").replaceAll("RUNMC 4", "RUNMC 5").replace('["parameters"]', "[]"),
  );
  const compared = nbval(wrong, "--nbval");
  assert.equal(compared.status, 1, compared.text);
  assert.match(compared.text, /RUNMC 5/);
});
