import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { batchTests } from "../../lib/cli/test-batches";
import { projectRoot } from "../../lib/records/paths";

const folder = mkdtempSync(join(tmpdir(), "iopfl-batches-"));
after(() => rmSync(folder, { recursive: true }));

function own(name: string, code: string): string {
  const path = join(folder, "stats", name);
  mkdirSync(join(folder, "stats"), { recursive: true });
  writeFileSync(path, code);
  return relative(projectRoot, path);
}

test("every file is run once, and files of a process of their own keep it", () => {
  const alone = ["test/cli/a.test.ts", "test/notebook/b.test.ts"];
  const shared = Array.from({ length: 15 }, (_, n) => `test/io/${n}.test.ts`);
  const entries = batchTests([...alone, ...shared], join(folder, "dealt"));
  assert.deepEqual(entries.slice(-2), alone);
  const dealt = entries
    .slice(0, -2)
    .map((entry) => readFileSync(entry, "utf8").match(/test\/io\/\d+\.test\.ts(?=",)/g));
  assert.deepEqual(
    dealt.map((files) => files?.length),
    [5, 5, 5],
  );
  assert.deepEqual([...new Set(dealt.flat())].sort(), [...shared].sort());
});

test("a file that cannot be loaded fails by its name, the others run, and hooks are for their own file", () => {
  const first = own(
    "1.test.ts",
    `require("node:test").before(() => (globalThis.marked = true));
    require("node:test").test("first", () => undefined);`,
  );
  const broken = own("2.test.ts", `throw new Error("does not load");`);
  const last = own(
    "3.test.ts",
    `require("node:test").before(() => console.log("before the last alone"));
    require("node:test").test("last", () => undefined);`,
  );
  const rooms = [first, broken, last].map((file) => ({ file, seen: `test/stats/../../${file}` }));
  const entries = batchTests(
    rooms.map(({ seen }) => seen),
    join(folder, "broken"),
  );
  assert.equal(entries.length, 1);
  const notes = join(folder, "notes.txt");
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      ...["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"],
      ...[`--test-reporter=${join(projectRoot, "lib/cli/notes-reporter.cjs")}`, `--test-reporter-destination=${notes}`],
      ...entries,
    ],
    { encoding: "utf8", env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
  );
  assert.equal(status, 1);
  assert.match(stdout, /does not load/);
  assert.match(stdout, /pass 2\n/);
  assert.equal(stdout.match(/before the last alone/g)?.length, 1);
  const timed = readFileSync(notes, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("seconds"));
  assert.deepEqual(
    timed.map((line) => line.split("/").at(-1)),
    ["1.test.ts", "2.test.ts", "3.test.ts"],
  );
});
