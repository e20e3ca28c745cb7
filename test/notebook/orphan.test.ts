import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { after, test } from "node:test";
import { projectRoot, temporaryFolder } from "./make-notebook";
import { parentOf } from "./processes";

const folder = temporaryFolder();
after(() => folder.remove());

/** Starts a kernel from a parent that dies after `milliseconds`. @returns the kernel's process id */
async function orphan(milliseconds: number, lonely: boolean): Promise<number> {
  const file = join(folder.path, `connection-${milliseconds}.json`);
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  writeFileSync(
    file,
    JSON.stringify({ transport: "ipc", ip: join(folder.path, `k${milliseconds}`), key: "", ...ports }),
  );
  const launcher = join(projectRoot, "lib", "notebook", "kernel", "launch.cjs");
  const program = `const child = require("node:child_process").spawn(process.execPath, ${JSON.stringify([launcher, file])}, {
  detached: true, stdio: "ignore", env: { ...process.env${lonely ? "" : ", JPY_PARENT_PID: String(process.pid)"} } });
console.log(child.pid); setTimeout(() => process.exit(0), ${milliseconds});`;
  const parent = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  parent.stdout.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  await new Promise((ended) => parent.on("close", ended));
  return Number(text);
}

test("a kernel whose parent dies while it starts, or later, ends itself", async () => {
  const pids = await Promise.all([orphan(0, false), orphan(400, false), orphan(6000, true)]);
  for (const pid of pids) {
    // However slow the machine is, the kernel first has to start before it can end.
    while (parentOf(pid) !== undefined) await wait(200);
    assert.equal(parentOf(pid), undefined);
  }
});
