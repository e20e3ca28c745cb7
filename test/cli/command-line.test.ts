import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const command = join(__dirname, "..", "..", "lib", "cli", "iopfl.cjs");
const results = mkdtempSync(join(tmpdir(), "iopfl-cli-"));
after(() => rmSync(results, { recursive: true, force: true }));

/** Runs the command line with its own empty folder of results. */
function iopfl(...args: string[]) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    env: { ...process.env, IOPFL_RESULTS: results },
  });
  return { status, stdout, stderr, seconds: (performance.now() - started) / 1000 };
}

/** One line on stderr that matches, and a failing exit code. */
function fails(expected: RegExp, ...args: string[]): void {
  const { status, stderr } = iopfl(...args);
  // What was done before the fault showed may be reported first.
  const lines = stderr
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("writing the prostate phantom"));
  assert.notEqual(status, 0, `iopfl ${args.join(" ")} succeeded`);
  assert.match(lines[lines.length - 1], expected);
  assert.equal(lines.length, 1, `more than one line: ${stderr}`);
}

test("--help names every command and answers in under 1.5 s", () => {
  const { status, stdout, seconds } = iopfl("--help");
  assert.equal(status, 0);
  for (const name of ["start", "setup", "doctor", "run", "status", "notebooks", "report", "lab", "data", "check"])
    assert.match(stdout, new RegExp(`^  ${name}\\b`, "m"));
  assert.ok(seconds < 1.5, `${seconds.toFixed(2)} s`);
});

test("every command has help of its own", () => {
  for (const name of ["start", "setup", "doctor", "run", "status", "notebooks", "report", "lab", "check"]) {
    const { status, stdout } = iopfl(name, "--help");
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`Usage: iopfl ${name}`));
  }
});

test("bad words are named with the good ones", () => {
  fails(
    /unknown experiment "inside-prostat"; use one of inside-fundus, inside-prostate, outside-fundus, outside-prostate/,
    "run",
    "inside-prostat",
  );
  fails(
    /unknown profile "qick"; use one of paper, phantom, quick, tiny/,
    "run",
    "inside-prostate",
    "--profile",
    "qick",
  );
  fails(/'cuda' is invalid.*auto, tensorflow, webgpu, wasm, cpu/, "run", "inside-prostate", "--engine", "cuda");
  fails(/"two" is not a whole number/, "run", "inside-prostate", "--workers", "two");
  fails(
    /unknown property "client" in --only; use method=, variant=, site=, seed=/,
    "run",
    "inside-prostate",
    "--engine",
    "wasm",
    "--only",
    "client=HK",
  );
  fails(/no job with method=fedprox/, "run", "inside-prostate", "--engine", "wasm", "--only", "method=fedprox");
  fails(/unknown command 'rum'/, "rum");
});

test("a profile of real data without the data says where to get them", () => {
  fails(
    /there are no data in dataset\/prostate; see dataset\/README\.md/,
    "run",
    "inside-prostate",
    "--profile",
    "paper",
  );
});
