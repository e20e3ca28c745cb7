import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

// A project of one file, with the real loader: what it keeps can be spoilt without harm.
const root = join(__dirname, "../..");
const project = mkdtempSync(join(tmpdir(), "iopfl-caches-"));
after(() => rmSync(project, { recursive: true, force: true }));
const temporary = join(project, "temporary");
mkdirSync(temporary);
for (const file of ["register.cjs", "trusted-folder.cjs", "cached-transpiler.cjs", "translations.cjs"])
  cpSync(join(root, "lib/cli", file), join(project, "lib/cli", file));
cpSync(join(root, "tsconfig.json"), join(project, "tsconfig.json"));
symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
writeFileSync(join(project, "main.ts"), 'process.stdout.write("the real one" as string);\n');
const kept = join(project, ".workbench/cache/transpiled-3");
const environment = { ...process.env, TMPDIR: temporary, DISABLE_V8_COMPILE_CACHE: "" };

function run(register = "./lib/cli/register.cjs"): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-r", register, "main.ts"], {
    cwd: project,
    env: environment,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return { stdout, stderr };
}
const translation = () => join(kept, readdirSync(kept)[0]);
const planted = () => {
  const content = JSON.stringify({
    outputText: 'process.stdout.write("planted");',
    sourceMapText: '{"version":3,"sources":[],"mappings":""}',
  });
  writeFileSync(translation(), `${createHash("sha256").update(content).digest("hex")}\n${content}`);
};

test("no bytecode is kept in the temporary directory, where ts-node by itself keeps it", () => {
  run();
  assert.deepEqual(readdirSync(temporary), []);
  run("ts-node/register");
  assert.equal(readdirSync(temporary).length, 1);
});

test("translations are kept for the owner alone; a damaged one is made again, in one line", () => {
  run();
  assert.equal(statSync(kept).mode & 0o777, 0o700);
  const whole = readFileSync(translation(), "utf8");
  writeFileSync(translation(), whole.replace("the real one", "the feal one"));
  const { stdout, stderr } = run();
  assert.equal(stdout, "the real one");
  assert.equal(stderr, "the kept translation of main.ts is damaged; it is made again\n");
  assert.equal(readFileSync(translation(), "utf8"), whole);
});

test("what others could have written is not run", { skip: process.platform === "win32" && "no modes" }, () => {
  planted();
  assert.equal(run().stdout, "planted", "only the folder's mode protects from a translation with a right checksum");
  chmodSync(kept, 0o777);
  assert.equal(run().stdout, "the real one");
  chmodSync(kept, 0o700);
  rmSync(translation());
  assert.equal(run().stdout, "the real one");
});

test("a file that was saved half, or has the marks of a merge in it, is named with its line and does not run", () => {
  const cases = [
    ["<<<<<<< HEAD\nconsole.log(1);\n=======\nconsole.log(2);\n>>>>>>> x\n", "broken.ts:1:1 - Merge conflict marker"],
    ["console.log([1, 2\n", "broken.ts:2:1 - ']' expected"],
  ];
  for (const [text, told] of cases) {
    writeFileSync(join(project, "broken.ts"), text);
    const arguments_ = ["-r", "./lib/cli/register.cjs", "broken.ts"];
    const { status, stdout, stderr } = spawnSync(process.execPath, arguments_, {
      cwd: project,
      env: environment,
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.ok(stderr.includes(`SyntaxError: ${told}`), stderr);
  }
});

test("what was compiled before runs without the compiler, and its errors have the lines of the source", () => {
  writeFileSync(join(project, "lines.ts"), 'interface Gone {\n  x: number;\n}\nthrow new Error("here" as string);\n');
  const script =
    'try { require("./lines") } catch (error) { console.log(error.stack.split("\\n")[1]) } console.log(Object.keys(require.cache).some((file) => file.endsWith("typescript.js")))';
  const [cold, warm] = [1, 2].map(() =>
    spawnSync(process.execPath, ["-r", "./lib/cli/register.cjs", "-e", script], {
      cwd: project,
      env: environment,
      encoding: "utf8",
    }).stdout.split("\n"),
  );
  for (const [line] of [cold, warm]) assert.match(line, /lines\.ts:4:7\)?$/);
  assert.deepEqual([cold[1], warm[1]], ["true", "false"]);
});
