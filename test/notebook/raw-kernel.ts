import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer } from "zeromq";
import { createCodec, createHeader, type Codec, type Connection, type Message } from "../../lib/notebook/wire";
import { projectRoot } from "./make-notebook";

/** A kernel process and one bare socket to it, to send what no client would. */
export interface RawKernel {
  readonly child: ChildProcess;
  readonly codec: Codec;
  readonly connection: Connection;
  send(frames: readonly (Buffer | string)[]): Promise<void>;
  /** The next message that the kernel sends on the shell channel. */
  receive(): Promise<Message>;
  close(): void;
}

const launcher = join(projectRoot, "lib", "notebook", "kernel", "launch.cjs");
let nextPort = 20_000 + (process.pid % 20_000);

/** @param fields of the connection file, in place of the usual ones; ipc sockets lie in a folder of their own */
export function startRawKernel(fields: Partial<Record<keyof Connection, unknown>> = {}): RawKernel {
  const folder = mkdtempSync(join(tmpdir(), "iop-fl-raw-"));
  const port = () => nextPort++;
  const connection = {
    transport: "ipc",
    ip: join(folder, "kernel"),
    key: "secret",
    signature_scheme: "hmac-sha256",
    ...{ shell_port: port(), iopub_port: port(), stdin_port: port(), control_port: port(), hb_port: port() },
    ...fields,
  } as Connection;
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(connection));
  const child = spawn(process.execPath, [launcher, file], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const shell = new Dealer({ linger: 0 });
  if (connection.transport === "ipc") shell.connect(`ipc://${connection.ip}-${connection.shell_port}`);
  const codec = createCodec({ key: connection.key, signature_scheme: "hmac-sha256" });
  return {
    child,
    codec,
    connection,
    send: (frames) => shell.send([...frames]),
    async receive() {
      const message = codec.decode(await shell.receive());
      if (!message || "problem" in message) throw new Error("not a message of the kernel");
      return message;
    },
    close() {
      child.kill("SIGKILL");
      shell.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a process wrote to stderr, and its exit code. */
export function endOf(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((ended) => child.on("close", (code) => ended({ code, stderr })));
}

export const request = (type: string, content: Record<string, unknown> = {}): Message => ({
  header: createHeader(type, "raw"),
  parent: {},
  content,
  identities: [],
});
