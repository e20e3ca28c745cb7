import assert from "node:assert";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sha256 } from "../../lib/core/hash";
import { installTensorflow, probeTensorflow } from "../../lib/engine";
import { runCommand } from "../../lib/engine/install/command";
import { checkWheel, wheels } from "../../lib/engine/install/wheel";

const folder = mkdtempSync(join(tmpdir(), "workbench-install-"));
after(() => rmSync(folder, { recursive: true }));

test("a wheel with another checksum is refused and removed, the right one is kept", async () => {
  const file = join(folder, "tensorflow.whl");
  writeFileSync(file, "not TensorFlow");
  await assert.rejects(
    checkWheel(file, wheels.cpu),
    new RegExp(`has SHA-256 ${sha256("not TensorFlow")}, not ${wheels.cpu.sha256}`),
  );
  assert.ok(!existsSync(file));
  writeFileSync(file, "not TensorFlow");
  await checkWheel(file, { ...wheels.cpu, sha256: sha256("not TensorFlow") });
  assert.ok(existsSync(file));
});

test(
  "without Python and a compiler the installation says so in one line",
  { skip: probeTensorflow().binding === undefined && "the package is not installed" },
  async () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      const result = await installTensorflow({ force: true, log: () => {} });
      assert.ok(!result.installed);
      assert.strictEqual(
        result.reason,
        probeTensorflow().library
          ? "the TensorFlow engine cannot be built without g++"
          : "the TensorFlow engine cannot be built without python3 and g++",
      );
      assert.match(result.hint, /apt-get install/);
    } finally {
      process.env.PATH = PATH;
    }
  },
);

test(
  "an installed engine is found again: nothing is downloaded, compiled or trained",
  { skip: !probeTensorflow().verified && "TensorFlow is not installed: npm run setup" },
  async () => {
    const said: string[] = [];
    const result = await installTensorflow({ log: (line) => said.push(line) });
    assert.ok(result.installed);
    assert.match(result.version, /tfjs-node 4\.22\.0, libtensorflow \d/);
    assert.deepStrictEqual(said, []);
  },
);

test("a command that fails is told by its last line", async () => {
  const failing = ["-e", `console.error("first"); console.error("the disk is full"); process.exit(3)`];
  await assert.rejects(
    runCommand(process.execPath, failing, { hint: "free some space" }),
    /failed \(3\): the disk is full; free some space/,
  );
  await assert.rejects(
    runCommand("no-such-program", [], { hint: "install it" }),
    /no-such-program was not found; install it/,
  );
  await assert.rejects(
    runCommand(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { hint: "wait", seconds: 1 }),
    /was stopped \(SIGTERM\)/,
  );
});
