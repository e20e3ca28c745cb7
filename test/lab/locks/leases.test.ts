import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs, { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLeases, readLeases } from "../../../lib/lab/locks/leases";
import { loadTypescript } from "../../../lib/core/load-typescript";

const root = mkdtempSync(join(tmpdir(), "iopfl-leases-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(root, String(folders++));

/** Takes the lease of "job" in a process of its own and prints whether it got it; then waits or ends. */
const script = (folder: string, then: string) =>
  `const lease = require("./lib/lab/locks/leases").openLeases(${JSON.stringify(folder)}).take("job"); process.stdout.write(lease ? "got it\\n" : "held\\n"); ${then}`;
const node = [...loadTypescript, "-e"];

test("a lease is held by one, and free again once it is given back", () => {
  const folder = newFolder();
  const [one, two] = [openLeases(folder), openLeases(folder)];
  const lease = one.take("job");
  assert.ok(lease && !lease.takenOver);
  assert.equal(two.take("job"), undefined);
  const holder = `held by process ${process.pid} of this machine`;
  assert.deepEqual([...readLeases(folder)], [["job", { held: true, holder }]]);
  lease.release(false);
  assert.deepEqual([...readLeases(folder)], [["job", { held: false, holder }]]);
  const again = two.take("job");
  assert.ok(again?.takenOver, "what was not finished may have left parts");
  again.release(true);
  assert.deepEqual(readdirSync(folder), [], "a finished job leaves no trace");
  [one, two].forEach((leases) => leases.close());
});

test("the lease of a process that was killed is taken over at once, by exactly one of many", async () => {
  const folder = newFolder();
  const owner = spawn(process.execPath, [...node, script(folder, "setInterval(() => 0, 1000)")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => owner.stdout.once("data", resolve));
  const rivals = Array.from({ length: 20 }, () => openLeases(folder));
  assert.ok(
    rivals.every((leases) => leases.take("job") === undefined),
    "the holder lives",
  );
  owner.kill("SIGKILL");
  await new Promise((resolve) => owner.once("exit", resolve));
  assert.equal(rivals.filter((leases) => leases.take("job") !== undefined).length, 1);
  rivals.forEach((leases) => leases.close());
});

test("processes that start at once share jobs without taking one twice", async () => {
  const folder = newFolder();
  const wait = `setTimeout(() => process.exit(), 500)`;
  const outputs = await Promise.all(
    Array.from(
      { length: 4 },
      () =>
        new Promise<string>((resolve) => {
          const child = spawn(process.execPath, [...node, script(folder, wait)], {
            stdio: ["ignore", "pipe", "inherit"],
          });
          let output = "";
          child.stdout.on("data", (chunk) => (output += chunk));
          child.on("close", () => resolve(output));
        }),
    ),
  );
  // A process that started late may have found the first holder gone: then the file says that it was taken over, one after the other.
  const taken = outputs.filter((text) => text === "got it\n").length;
  assert.equal(readdirSync(folder).length, taken);
  assert.ok(taken >= 1);
});

test("a holder on another machine is trusted while its heartbeat changes, and for five minutes of our own clock after", () => {
  const folder = newFolder();
  let clock = 0;
  const leases = openLeases(folder, () => clock);
  const path = join(folder, "job.1");
  const beat = (count: number) =>
    writeFileSync(path, JSON.stringify({ token: "far", pid: 1, started: "1", machine: "another", beat: count }));
  beat(0);
  for (let minute = 0; minute < 20; minute++) {
    clock = minute * 60_000;
    beat(minute);
    assert.equal(leases.take("job"), undefined);
  }
  clock += 299_000;
  assert.equal(leases.take("job"), undefined);
  clock += 2_000;
  assert.ok(leases.take("job")?.takenOver);
  assert.equal(
    JSON.parse(readFileSync(path, "utf8")).token,
    "far",
    "the dead holder's file stays: generations only grow",
  );
  leases.close();
});

test("a process id that was given to another process does not keep a lease alive", () => {
  const folder = newFolder();
  const { pid } = spawnSync(process.execPath, [...node, script(folder, "")]);
  assert.ok(pid > 0);
  const claim = JSON.parse(readFileSync(join(folder, "job.1"), "utf8"));
  writeFileSync(join(folder, "job.1"), JSON.stringify({ ...claim, pid: process.pid })); // lives, but started at another time
  const leases = openLeases(folder);
  assert.ok(process.platform !== "linux" || leases.take("job"));
  leases.close();
});

test("a lease that says nothing, as after a power cut, is told as such and taken over after half a minute", () => {
  for (const text of ["", "null", "5", '{"token":"x"}', "\0\0\0"]) {
    const folder = newFolder();
    let clock = 0;
    const leases = openLeases(folder, () => clock);
    writeFileSync(join(folder, "job.1"), text);
    assert.equal(leases.take("job"), undefined);
    const { held, holder } = readLeases(folder).get("job") as { held?: boolean; holder: string };
    assert.equal(held, undefined);
    assert.match(holder, /nobody that can be seen: its lease (is empty|cannot be read).*; taken over after 30 s/);
    clock = 29_000;
    assert.equal(leases.take("job"), undefined);
    clock = 31_000;
    assert.ok(leases.take("job")?.takenOver);
    leases.close();
  }
});

test("a file system without hard links has leases too: each is held by one, a full one stays whole", (context) => {
  for (const code of ["EPERM", "EOPNOTSUPP", "ENOSYS"]) {
    const folder = newFolder();
    context.mock.method(fs, "linkSync", () => {
      throw Object.assign(new Error("link"), { code });
    });
    const [one, two] = [openLeases(folder), openLeases(folder)];
    const lease = one.take("job");
    assert.ok(lease);
    assert.equal(two.take("job"), undefined);
    assert.equal(JSON.parse(readFileSync(join(folder, "job.1"), "utf8")).pid, process.pid);
    assert.deepEqual(readdirSync(folder), ["job.1"]);
    lease.release(true);
    assert.ok(two.take("job"));
    [one, two].forEach((leases) => leases.close());
    context.mock.restoreAll();
  }
});

test("a folder that cannot be written is one line", () => {
  const file = join(root, "not-a-folder");
  writeFileSync(file, "");
  assert.throws(
    () => openLeases(join(file, "leases")),
    /cannot write .*leases \(ENOTDIR\); make the folder writable, or name another with IOPFL_WORK/,
  );
});
