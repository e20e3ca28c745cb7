import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sha256 } from "../../lib/core/hash";

const folder = mkdtempSync(join(tmpdir(), "workbench-snapshot-"));
after(() => rmSync(folder, { recursive: true }));
const golden = join(__dirname, "../golden/checkpoint");
const iopfl = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, "../../lib/cli/iopfl.cjs"), "snapshot", ...args],
    { encoding: "utf8", cwd: folder },
  );
  return { status, stdout, stderr };
};

test("iopfl snapshot says what a file is, converts it beside it and prints the hash of what it wrote", () => {
  copyFileSync(join(golden, "unet_legacy.pth"), join(folder, "fedavg_global_round95"));
  const { status, stdout, stderr } = iopfl("fedavg_global_round95");
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /^fedavg_global_round95: U-Net of 2 features, 3 channels in, 2 classes; 118 keys/);
  assert.match(stdout, /left out, not used to segment: bn\.weight, .*fc\.bias\n/);
  assert.ok(
    stdout.endsWith(`sha256 ${sha256(readFileSync(join(folder, "fedavg_global_round95.safetensors")))}\n`),
    stdout,
  );
});

test("a file that wants to run something is refused by name in one line, and nothing is run or written", () => {
  writeFileSync(join(folder, "evil.pth"), "\x80\x02cos\nsystem\n(X\x05\x00\x00\x00touchtR.", "latin1");
  const evil = iopfl("evil.pth");
  assert.deepEqual([evil.status, evil.stdout], [1, ""]);
  assert.match(evil.stderr, /^iopfl: evil\.pth: pickle, byte \d+: asks for "os\.system", which is not allowed; .*\n$/);
  assert.ok(!existsSync(join(folder, "evil.safetensors")));
  assert.match(
    iopfl("nowhere.pth").stderr,
    /^iopfl: cannot read nowhere\.pth \(ENOENT\); check the path and its permissions\n$/,
  );
});
