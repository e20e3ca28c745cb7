import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { createCodec, createHeader, type Connection, type Message } from "../wire";

/** What the kernel answered to one request. */
export type Reply = Readonly<Record<string, unknown>> & { readonly status?: string };

/** A kernel process and the sockets to it. */
export interface KernelClient {
  /**
   * Sends a request and waits until the kernel has answered it and is idle again.
   * @param onOutput told of every message that belongs to the request, also after the answer
   * @throws KernelDied when the process ends first
   */
  request(
    type: string,
    content?: Readonly<Record<string, unknown>>,
    onOutput?: (message: Message) => void,
  ): Promise<Reply>;
  /** Presses stop. */
  interrupt(): void;
  /** Ends the process and frees the sockets. */
  close(): Promise<void>;
  /** What the process wrote outside any cell: messages of native libraries, mostly. */
  log(): string;
}

export class KernelDied extends Error {
  constructor(readonly how: string) {
    super(`the kernel died (${how})`);
    this.name = "KernelDied";
  }
}

interface Pending {
  reply?: Reply;
  idle: boolean;
  onOutput(message: Message): void;
  settle(): void;
  fail(error: Error): void;
}

const launcher = resolve(__dirname, "../kernel/launch.cjs");
const handshakeInterval = 100;
const maxLog = 100_000;
const maxStarts = 3;

/**
 * Starts a kernel and waits until it answers. A port that another process took between our finding it free and the
 * kernel's binding it costs a new start on other ports.
 * @param folder where the notebook's relative imports start
 * @param connect says where the kernel is to listen; asked for each start
 * @throws KernelDied when it does not come up
 */
export async function startKernelClient(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
  connect: () => Promise<Connection> = createConnection,
): Promise<KernelClient> {
  for (let start = 1; ; start++) {
    try {
      return await startOn(await connect(), folder, environment);
    } catch (error) {
      const taken = error instanceof KernelDied && error.how.includes("Address already in use");
      if (!taken || start === maxStarts) throw error;
    }
  }
}

async function startOn(
  connection: Connection,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<KernelClient> {
  const runtime = mkdtempSync(join(tmpdir(), "iop-fl-kernel-"));
  const connectionFile = join(runtime, "connection.json");
  writeFileSync(connectionFile, JSON.stringify(connection), { mode: 0o600 });
  const child = spawn(process.execPath, [launcher, connectionFile], {
    cwd: folder,
    env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });

  const codec = createCodec(connection);
  const session = randomUUID();
  const shell = new Dealer({ sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 0, routingId: session });
  const iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  shell.connect(`tcp://${connection.ip}:${connection.shell_port}`);
  iopub.connect(`tcp://${connection.ip}:${connection.iopub_port}`);
  iopub.subscribe();

  const pending = new Map<string, Pending>();
  let death: KernelDied | undefined;
  const ended = new Promise<void>((settle) => {
    const die = (how: string): void => {
      death = new KernelDied(how);
      for (const request of pending.values()) request.fail(death);
      settle();
    };
    child.once("error", (error) => die(error.message));
    child.once("exit", (code, signal) => die(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  const log = collectLog(child);

  const listen = async (
    socket: Dealer | Subscriber,
    take: (message: Message, request: Pending) => void,
  ): Promise<void> => {
    for await (const frames of socket) {
      const message = codec.decode(frames);
      if (!message || "problem" in message) continue;
      const request = pending.get(message.parent.msg_id ?? "");
      if (!request) continue;
      take(message, request);
      request.settle();
    }
  };
  void listen(shell, (message, request) => (request.reply = message.content));
  void listen(iopub, (message, request) => {
    if (message.header.msg_type !== "status") request.onOutput(message);
    else if (message.content.execution_state === "idle") request.idle = true;
  });

  const request: KernelClient["request"] = (type, content = {}, onOutput = () => undefined) =>
    new Promise((answer, fail) => {
      if (death) return fail(death);
      const header = createHeader(type, session);
      const entry: Pending = {
        idle: false,
        onOutput,
        settle: () => entry.reply && entry.idle && answer(entry.reply),
        fail,
      };
      pending.set(header.msg_id, entry);
      void shell.send(codec.encode({ header, parent: {}, content, identities: [] }));
    });

  const client: KernelClient = {
    request,
    interrupt: () => void child.kill("SIGINT"),
    async close() {
      if (!death) child.kill("SIGKILL");
      await ended;
      shell.close();
      iopub.close();
      rmSync(runtime, { recursive: true, force: true });
    },
    log,
  };
  try {
    await handshake(client, () => pending.clear());
  } catch (error) {
    await client.close();
    if (error instanceof KernelDied) throw new KernelDied(`${error.how}: ${log().trim()}`);
    throw error;
  }
  return client;
}

/** Asks until an answer comes on both sockets: what is published before the subscription stands is lost. */
async function handshake(client: KernelClient, forget: () => void): Promise<void> {
  for (;;) {
    const asked = client.request("kernel_info_request").then(() => true);
    const answered = await Promise.race([
      asked,
      new Promise<false>((again) => setTimeout(() => again(false), handshakeInterval)),
    ]);
    if (answered) return forget();
    asked.catch(() => undefined);
  }
}

function collectLog(child: ChildProcess): () => string {
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-maxLog);
    });
  }
  return () => log;
}

/** On ports of this machine that were free a moment ago. */
export async function createConnection(): Promise<Connection> {
  const [shell, iopub, stdin, control, heartbeat] = await freePorts(5);
  const ports = { shell_port: shell, iopub_port: iopub, stdin_port: stdin, control_port: control, hb_port: heartbeat };
  return { transport: "tcp", ip: "127.0.0.1", key: randomUUID(), signature_scheme: "hmac-sha256", ...ports };
}

/** Ports that were free a moment ago; all are held until the last is known, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((ready) => {
          const server = createServer().listen(0, "127.0.0.1", () => ready(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
