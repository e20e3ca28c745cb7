import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { jupyterCommand } from "../../lib/notebook/jupyter/lab-command";
import { venvExists } from "../../lib/notebook/jupyter/paths";
import { junitXml } from "../../lib/notebook/runner/junit";
import { notebookText, readNotebook, sourceOf } from "../../lib/notebook/runner/notebook-file";
import { runNotebooks, type NotebookOutcome, type RunOptions } from "../../lib/notebook/runner/run-notebooks";
import { summarise } from "../../lib/notebook/runner/summary";
import { patience } from "../support/patience";
import { makeNotebook, temporaryFolder, type Draft } from "./make-notebook";

const folder = temporaryFolder();
const outputFolder = join(folder.path, "executed");
after(() => folder.remove());

const cellTimeout = patience(10);
const limits = { profile: "quick", cellTimeout, notebookTimeout: 2 * cellTimeout, outputFolder };

function write(name: string, ...drafts: Draft[]): string {
  return folder.write(`${name}.ipynb`, notebookText(makeNotebook(...drafts)));
}

async function runOne(name: string, drafts: Draft[], options: Partial<RunOptions> = {}): Promise<NotebookOutcome> {
  const [outcome] = await runNotebooks({ ...limits, ...options, notebooks: [write(name, ...drafts)] });
  assert.ok(existsSync(outcome.copy), "the executed copy is there, whatever happened");
  return outcome;
}

test("a good notebook passes; parameters are set in a visible cell; figures carry an image", async () => {
  const outcome = await runOne(
    "good",
    [
      { code: 'const profile = "none"; const seeds = 1;\nconst engine = "auto";', tags: ["parameters"] },
      'import { figure, table } from "../../../lib/notebook";',
      "`${profile} ${seeds + 1} ${engine} ${process.env.IOPFL_PROFILE} ${process.env.IOPFL_HEADLESS}`",
      'figure({ title: "One point", data: { values: [{ x: 1, y: 2 }] }, mark: "point", encoding: { x: { field: "x" }, y: { field: "y" } } })',
    ],
    { set: { seeds: "3" }, engine: "wasm" },
  );
  assert.equal(outcome.failure, undefined, outcome.failure?.message);
  const copy = readNotebook(outcome.copy);
  assert.equal(
    sourceOf(copy.cells[1]),
    '// Parameters\nconst profile = "quick";\nconst engine = "wasm";\nconst seeds = 3;',
  );
  assert.deepEqual(
    copy.cells[3].outputs?.map(({ data }) => (data as Record<string, string>)["text/plain"]),
    ["'quick 4 wasm quick 1'"],
  );
  const [drawn] = copy.cells[4].outputs ?? [];
  const { "image/png": png, "application/vnd.vegalite.v5+json": spec } = drawn.data as Record<string, unknown>;
  assert.equal(Buffer.from(String(png), "base64").subarray(1, 4).toString(), "PNG");
  assert.equal(typeof spec, "object");
  assert.match(summarise([outcome]), /passed {2}good .*\n\n1 passed, 0 failed$/);
});

test("a failing cell fails, names its line, and the cells after it do not run", async () => {
  const { failure, cells, copy } = await runOne("error", ["1", "const x = 1;\nthrow new TypeError('broken')", "2"]);
  assert.deepEqual(
    [failure?.kind, failure?.cell, failure?.message, cells.length],
    ["error", 2, "TypeError: broken", 2],
  );
  assert.match(failure?.traceback.join("\n") ?? "", /cell \[2\]:2:7/);
  const { outputs } = readNotebook(copy).cells[1];
  assert.equal(outputs?.[0].output_type, "error");
});

test("rejections and timers fail, also those that the last cell leaves behind", async () => {
  const rejected = await runOne("rejected", ["Promise.reject(new Error('nobody')); 1"]);
  assert.equal(rejected.failure?.message, "Error: nobody");
  const late = await runOne("late", ["setTimeout(() => { throw new Error('after the end') }, 120); 1"]);
  assert.deepEqual([late.failure?.kind, late.failure?.message], ["background", "Error: after the end"]);
});

test("a kernel that dies fails, however politely it goes", async () => {
  for (const [name, code, how] of [
    ["exits", "process.exit(0)", /exit code 0/],
    ["killed", 'process.kill(process.pid, "SIGKILL")', /SIGKILL/],
  ] as const) {
    const { failure } = await runOne(name, ["1", code, "2"]);
    assert.deepEqual([failure?.kind, failure?.cell], ["died", 2]);
    assert.match(failure?.message ?? "", how);
  }
});

test("time limits of a cell and of a notebook hold, for waits and for loops", async () => {
  const cell = await runOne("slow-cell", ["1", "await new Promise(() => undefined)"], { cellTimeout: 1 });
  assert.deepEqual([cell.failure?.kind, cell.failure?.cell], ["time-out", 2]);
  const whole = await runOne("slow-notebook", ["for (;;) {}"], { notebookTimeout: 4 });
  assert.equal(whole.failure?.kind, "time-out");
});

test("a notebook in which nothing ran fails", async () => {
  assert.equal((await runOne("nothing", [])).failure?.kind, "empty");
  assert.equal((await runOne("blank", ["  \n"])).failure?.kind, "empty");
});

test("notebooks run side by side; one that fails does not stop the others; JUnit tells all", async () => {
  const notebooks = [
    write("side-a", "1 + 1"),
    write("side-b", 'throw new Error("<b> & \\u0007")'),
    write("side-c", "3"),
  ];
  const seen: string[] = [];
  const outcomes = await runNotebooks({ ...limits, notebooks, parallel: 2 }, ({ name, cell, count }) =>
    seen.push(`${name} ${cell}/${count}`),
  );
  assert.deepEqual(
    outcomes.map(({ name, passed }) => [name, passed]),
    [
      ["side-a", true],
      ["side-b", false],
      ["side-c", true],
    ],
  );
  assert.deepEqual([...seen].sort(), ["side-a 1/1", "side-b 1/1", "side-c 1/1"]);
  const xml = junitXml(outcomes);
  assert.match(xml, /<testsuite name="side-b" tests="1" failures="1"/);
  assert.match(xml, /<testcase classname="side-b" name="\[1\]" /);
  assert.match(xml, /message="Error: &#60;b&#62; &#38; \\x07"/);
  assert.match(summarise(outcomes), /2 passed, 1 failed$/);
});

test("a parameter that no notebook takes, and a file that is no notebook, are one clear line", async () => {
  const notebooks = [write("takes", { code: "const rounds = 1", tags: ["parameters"] })];
  await assert.rejects(
    runNotebooks({ ...limits, notebooks, set: { round: "2" } }),
    /no notebook takes a parameter "round"; use one of rounds/,
  );
  await assert.rejects(
    runNotebooks({ ...limits, notebooks: [folder.write("broken.ipynb", "{")] }),
    /broken\.ipynb is not JSON/,
  );
});

test(
  "nbclient and the runner agree: the same outputs where a notebook passes, a failure where it fails; HTML shows image and table",
  { skip: !venvExists() && "no JupyterLab: npm run setup" },
  async () => {
    const convert = (path: string, ...more: string[]): number | null => {
      const { program, args, env } = jupyterCommand("nbconvert", ...more, path);
      const { status } = spawnSync(program, args, {
        env: { ...process.env, ...env, IOPFL_HEADLESS: "1" },
        encoding: "utf8",
      });
      return status;
    };
    const execute = (path: string) =>
      convert(
        path,
        ...["--execute", "--to", "notebook", "--output", "by-nbclient"],
        "--ExecutePreprocessor.kernel_name=iop-fl",
      );
    const copy = join(folder.path, "by-nbclient.ipynb");
    const drafts = [
      'import { figure, table } from "../../../lib/notebook"; console.log("one");',
      'figure({ data: { values: [{ x: 1 }] }, mark: "point", encoding: { x: { field: "x" } } })',
      'const rows = [{ method: "IOP-FL", dice: 0.5 }];\ntable(rows)',
    ];
    const ours = await runOne("agree", drafts);
    assert.equal(execute(join(folder.path, "agree.ipynb")), 0);
    // A line of progress is there where loading takes long.
    const isProgress = (data: unknown) => /the library( is|:)/.test(JSON.stringify(data ?? ""));
    const outputs = (path: string) =>
      readNotebook(path).cells.map(({ outputs: all = [], execution_count: count }) => [
        count,
        // nbclient keeps a text as one string, the runner as lines.
        all
          .filter(({ data }) => !isProgress(data))
          .map(({ output_type: type, text, data }) => [
            type,
            [text ?? []].flat().join(""),
            Object.entries(data ?? {}).map(([mime, value]) => [mime, Array.isArray(value) ? value.join("") : value]),
          ]),
      ]);
    assert.deepEqual(outputs(copy), outputs(ours.copy));
    assert.equal(convert(copy, "--to", "html"), 0);
    const html = readFileSync(copy.replace(".ipynb", ".html"), "utf8");
    assert.match(html, /<img[^>]*src="data:image\/png;base64,/);
    assert.match(html, /<td style="text-align: left">IOP-FL<\/td>/);

    for (const [name, code] of [
      ["client-error", "throw new Error('x')"],
      ["client-rejection", "Promise.reject(new Error('x')); 1"],
      ["client-exit", "process.exit(0)"],
    ]) {
      assert.equal((await runOne(name, ["1", code])).passed, false, name);
      assert.equal(execute(join(folder.path, `${name}.ipynb`)), 1, name);
    }
  },
);
