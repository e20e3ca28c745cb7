import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, test } from "node:test";
import { version } from "../../package.json";

const command = join(__dirname, "..", "..", "lib", "cli", "iopfl.cjs");
const results = mkdtempSync(join(tmpdir(), "iopfl-cli-"));
const env = { ...process.env, IOPFL_RESULTS: results };
after(() => rmSync(results, { recursive: true, force: true }));

/** Runs the command line with its own empty folder of results. */
function iopfl(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8", env });
  return { status, stdout, stderr };
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

test("--help names every command and loads no other module of ours than the command line's", () => {
  const loaded = join(results, "loaded");
  const list = `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(loaded)}, Object.keys(require.cache).join("\\n")))`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ["-e", `${list}; process.argv.splice(1, 0, "iopfl"); require(${JSON.stringify(command)})`, "--", "--help"],
    { encoding: "utf8", env },
  );
  assert.equal(status, 0);
  for (const name of [
    "start",
    "setup",
    "doctor",
    "list",
    "run",
    "status",
    "notebooks",
    "report",
    "lab",
    "data",
    "check",
  ])
    assert.match(stdout, new RegExp(`^  ${name}\\b`, "m"));
  const ours = readFileSync(loaded, "utf8")
    .split("\n")
    .map((path) => relative(join(command, "../../.."), path))
    .filter((path) => path.startsWith("lib"));
  assert.deepEqual([...new Set(ours.map((path) => dirname(path).replaceAll("\\", "/")))].sort(), [
    "lib/cli",
    "lib/cli/groups",
    "lib/core",
  ]);
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
    /unknown experiment "inside-prostat"; did you mean "inside-prostate"\? use one of ablate-inside, .*cost, inside-fundus, inside-prostate, outside-fundus, outside-prostate/,
    "run",
    "inside-prostat",
  );
  fails(
    /unknown profile "qick"; did you mean "quick"\? use one of paper, phantom, quick, tiny/,
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
  fails(
    /no job with site=HKX; site: did you mean "HK"\? use one of BIDMC, HK/,
    ...["run", "outside-prostate", "--dry-run", "--engine", "wasm", "--only", "site=HKX"],
  );
  fails(/unknown command 'rum' \(Did you mean run\?\)/, "rum");
  fails(/unknown command 'rum' \(Did you mean run\?\)/, "rum", "--help");
  fails(/unknown command 'verifi'.*Did you mean verify/, "data", "verifi", "--help");
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

test("--version, list and a dry run as JSON are for programs: nothing else is on stdout", () => {
  assert.equal(iopfl("--version").stdout, `${version}\n`);
  const list = JSON.parse(iopfl("list", "--json").stdout);
  assert.ok(list.experiments.some(({ id }: { id: string }) => id === "inside-prostate"));
  assert.equal(list.trainings.find(({ id }: { id: string }) => id === "iop-fl").params.alpha, 0.1);
  const [one, two] = [[], ["--set", "method.alpha=0.5", "--seeds", "3"]].map((more) =>
    JSON.parse(iopfl("run", "inside-prostate", "--engine", "wasm", "--dry-run", "--json", ...more).stdout),
  );
  const names = (plan: typeof one) => plan.jobs.map(({ name }: { name: string }) => name);
  assert.deepEqual(names(one), ["local-only.seed0", "fedavg.seed0", "iop-fl.seed0"]);
  assert.deepEqual(names(two), ["local-only.seed3", "fedavg.seed3", "iop-fl.alpha=0.5.seed3"]);
  assert.deepEqual(
    readdirSync(results).filter((name) => name !== "loaded"),
    [],
    "a dry run writes nothing",
  );
});

test("a pipe that closes early is no fault", { skip: process.platform === "win32" && "needs a shell" }, () => {
  const pipeline = (what: string) => spawnSync("bash", ["-c", what], { encoding: "utf8", env });
  const quoted = [process.execPath, command].map((word) => `'${word}'`).join(" ");
  const { stdout, stderr } = pipeline(`set -o pipefail; ${quoted} list | true; echo "ended with $?"`);
  assert.deepEqual([stdout, stderr], ["ended with 0\n", ""]);
});
