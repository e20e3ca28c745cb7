import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { after, before, test } from "node:test";
import { Router } from "zeromq";
import { bindTo } from "../../lib/notebook/kernel/bind";
import { createConnection, KernelDied, startKernelClient } from "../../lib/notebook/runner/kernel-client";
import { runCell } from "./cells";
import { temporaryFolder } from "./make-notebook";

const folder = temporaryFolder();
let other: Server;

before(async () => {
  other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
});

after(() => {
  other.close();
  folder.remove();
});

/** A connection one port of which is another process's by the time the kernel binds it. */
async function overtaken(): ReturnType<typeof createConnection> {
  return { ...(await createConnection()), control_port: (other.address() as AddressInfo).port };
}

test("a port that another process took in between costs a new start, not the kernel", async () => {
  let starts = 0;
  const kernel = await startKernelClient(folder.path, {}, () => (++starts === 1 ? overtaken() : createConnection()));
  assert.equal(starts, 2);
  assert.equal((await runCell(kernel, "6 * 7")).result, "42");
  await kernel.close();
});

test("a port that somebody only tried is waited for", async () => {
  const passing = createServer().listen(0, "127.0.0.1");
  await once(passing, "listening");
  const { port } = passing.address() as AddressInfo;
  const socket = new Router();
  setTimeout(() => passing.close(), 250);
  await bindTo(socket, `tcp://127.0.0.1:${port}`);
  assert.equal(socket.lastEndpoint, `tcp://127.0.0.1:${port}`);
  socket.close();
});

test("a port that stays taken ends with what the kernel said", async () => {
  let starts = 0;
  const connect = (): ReturnType<typeof overtaken> => (starts++, overtaken());
  await assert.rejects(startKernelClient(folder.path, {}, connect), (error) => {
    return error instanceof KernelDied && /Address already in use/.test(error.message);
  });
  assert.equal(starts, 3);
});
