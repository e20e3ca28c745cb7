import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { projectRoot } from "../../lib/records/paths";
import { probeJupyter } from "../../lib/notebook/jupyter/probe";
import { patience } from "../support/patience";

/** Asks until the server answers; it says where it is on its error stream. */
async function until<Value>(ask: () => Promise<Value | undefined>, seconds: number): Promise<Value> {
  const end = Date.now() + 1000 * patience(seconds);
  for (;;) {
    const value = await ask().catch(() => undefined);
    if (value !== undefined) return value;
    assert.ok(Date.now() < end, `no answer within ${seconds} s`);
    await delay(200);
  }
}

test("npm run lab starts, also as root, and neither it nor a kernel writes to the home directory", async (context) => {
  if (!probeJupyter().installed) return context.skip("JupyterLab is not installed: npm run setup");
  const home = mkdtempSync(join(tmpdir(), "iopfl-home-"));
  const program = join(projectRoot, "lib", "cli", "iopfl.cjs");
  const server = spawn(process.execPath, [program, "lab", "--no-browser"], {
    env: { ...process.env, HOME: home },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let said = "";
  server.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  try {
    const [, address, token] = await until(
      async () => /(http:\/\/localhost:\d+)\/\S*\?token=(\w+)/.exec(said) ?? undefined,
      60,
    );
    const call = (path: string, init?: RequestInit) => fetch(`${address}/api/${path}?token=${token}`, init);
    const started = await until(
      async () => (await call("kernels", { method: "POST" })).json() as Promise<{ id: string; name: string }>,
      30,
    );
    assert.match(started.name, /iopfl|iop-fl/);
    await delay(5000); // the kernel is ready in less
    assert.strictEqual((await call(`kernels/${started.id}`)).status, 200);
    assert.deepEqual(readdirSync(home), []);
  } finally {
    const gone = new Promise((resolve) => server.on("exit", resolve));
    if (server.pid) process.kill(-server.pid, "SIGTERM");
    await gone;
    rmSync(home, { recursive: true, force: true });
  }
});
