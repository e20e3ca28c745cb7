import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { endOf, request, startRawKernel } from "./raw-kernel";

/** Signs any bytes as the kernel's own client would. */
function signed(parts: readonly string[]): Buffer[] {
  const hash = createHmac("sha256", "secret");
  for (const part of parts) hash.update(part);
  return ["<IDS|MSG>", hash.digest("hex"), ...parts].map((part) => Buffer.from(part));
}

test("a kernel on ipc answers; what is signed and makes no sense is answered, what is forged or sent again is not", async () => {
  const kernel = startRawKernel();
  const { codec } = kernel;
  const asked = codec.encode(request("kernel_info_request"));
  await kernel.send(asked);
  assert.equal((await kernel.receive()).header.msg_type, "kernel_info_reply");

  const header = (type: string) => JSON.stringify(request(type).header);
  for (const [parts, problem] of [
    [["not json", "{}", "{}", "{}"], /header/],
    [["null", "null", "null", "null"], /header/],
    [["[1]", "{}", "{}", "{}"], /header/],
    [[header("execute_request"), "{}", "{}", "{]"], /content is not a JSON object/],
    [[header("execute_request"), "null", "null", "null"], /no code/],
    [[header("execute_request"), "{}", "{}", '{"code": 5}'], /no code/],
  ] as const) {
    await kernel.send(signed(parts));
    const { content } = await kernel.receive();
    assert.deepEqual([content.status, problem.test(String(content.evalue))], ["error", true], parts.join(" "));
  }
  // Null parts that need not say anything.
  await kernel.send(signed([header("kernel_info_request"), "null", "null", "null"]));
  assert.equal((await kernel.receive()).content.status, "ok");

  const forged = codec.encode(request("kernel_info_request"));
  forged[1] = Buffer.from("0".repeat(64));
  await kernel.send(forged);
  await kernel.send(asked); // recorded and sent again
  const last = request("comm_info_request");
  await kernel.send(codec.encode(last));
  assert.equal((await kernel.receive()).parent.msg_id, last.header.msg_id, "neither was answered");
  kernel.close();
});

test("an empty key means unsigned messages", async () => {
  const kernel = startRawKernel({ key: "" });
  await kernel.send(kernel.codec.encode(request("kernel_info_request")));
  assert.equal((await kernel.receive()).content.implementation, "iop-fl");
  kernel.close();
});

test("a connection file that cannot be obeyed ends the kernel with a line that names the field", async () => {
  const refused = [
    [{ transport: "pigeon" }, /transport "pigeon"/],
    [{ signature_scheme: "hmac-rot13" }, /signature_scheme "hmac-rot13"/],
    [{ transport: "tcp", ip: "127.0.0.1", shell_port: 70_000 }, /shell_port 70000/],
    [{ transport: "tcp", ip: "no-such-host.invalid" }, /no-such-host\.invalid/],
  ] as const;
  const kernels = refused.map(([fields]) => startRawKernel(fields));
  const ends = await Promise.all(kernels.map(({ child }) => endOf(child)));
  for (const [index, { code, stderr }] of ends.entries()) {
    assert.equal(code, 1);
    assert.match(stderr, refused[index][1]);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
  }
  for (const kernel of kernels) kernel.close();
});
