import { readFileSync } from "node:fs";
import { Publisher, Reply, Router } from "zeromq";
import { createHeader, decode, encode, type Connection, type Message } from "../wire";
import { createOutbox } from "./outbox";

type Content = Readonly<Record<string, unknown>>;

export interface Handlers {
  /** Requests that may be answered at once, also while a cell runs. */
  readonly answer: Readonly<Record<string, (content: Content) => Content>>;
  execute(content: Content, parent: Message): Promise<Content>;
  interrupt(): void;
  shutdown(): void;
}

export interface Server {
  /** Publishes to every front end; belongs to the request `parent`. Sent at once, also from inside a synchronous loop. */
  publish(type: string, content: Content, parent: Message | undefined): void;
}

/** How long the requests that were already on their way when a cell failed are given to arrive, in milliseconds. */
const drainTime = 30;

/** How long a kernel that ends waits for its last messages to leave, in milliseconds; without a limit a client that has gone holds it for ever. */
const linger = 500;

/** Binds the kernel's sockets and answers requests; cells run one after the other in the order received. */
export async function startServer(connectionFile: string, handlers: Handlers): Promise<Server> {
  const connection = JSON.parse(readFileSync(connectionFile, "utf8")) as Connection;
  const { key } = connection;
  // The default mark drops or blocks beyond a thousand messages; an output must never be lost.
  const iopub = new Publisher({ sendHighWaterMark: 0, linger });
  const [shell, control, stdin] = Array.from(
    { length: 3 },
    () => new Router({ sendHighWaterMark: 0, receiveHighWaterMark: 0, linger }),
  );
  const heartbeat = new Reply();
  const outboxes = new Map(
    [iopub, shell, control].map((socket) => [socket as Publisher | Router, createOutbox(socket)]),
  );

  const publish: Server["publish"] = (type, content, parent) => {
    const header = createHeader(type, parent?.header.session ?? "kernel");
    outboxes.get(iopub)?.(
      encode(key, { header, parent: parent?.header ?? {}, content, identities: [Buffer.from(type)] }),
    );
  };
  const reply = (socket: Router, request: Message, content: Content): void => {
    const header = createHeader(request.header.msg_type.replace(/_request$/, "_reply"), request.header.session);
    outboxes.get(socket)?.(encode(key, { header, parent: request.header, content, identities: request.identities }));
  };
  const busyWhile = async (request: Message, work: () => Promise<void> | void): Promise<void> => {
    publish("status", { execution_state: "busy" }, request);
    await work();
    publish("status", { execution_state: "idle" }, request);
  };

  const waiting: Message[] = [];
  let running = false;
  const runWaiting = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (let request = waiting.shift(); request; request = waiting.shift()) {
      const current = request;
      await busyWhile(current, async () => {
        const content = await handlers.execute(current.content, current);
        // Requests that were sent before the failure was known are given up, as the protocol wants; whoever sends one after having
        // seen the reply is served. (tslab gives up everything for 200 ms, and cells are skipped without a word.)
        if (content.status === "error" && current.content.stop_on_error !== false) {
          await new Promise((resolve) => setTimeout(resolve, drainTime));
          for (const given of waiting.splice(0))
            await busyWhile(given, () => reply(shell, given, { status: "aborted" }));
        }
        reply(shell, current, content);
      });
    }
    running = false;
  };

  const receive = async (socket: Router): Promise<void> => {
    for await (const frames of socket) {
      const request = decode(key, frames);
      if (!request) continue;
      const type = request.header.msg_type;
      if (type === "execute_request") {
        waiting.push(request);
        void runWaiting();
      } else if (type === "shutdown_request") {
        await busyWhile(request, () =>
          reply(socket, request, { status: "ok", restart: request.content.restart === true }),
        );
        handlers.shutdown();
      } else if (type === "interrupt_request") {
        handlers.interrupt();
        await busyWhile(request, () => reply(socket, request, { status: "ok" }));
      } else if (Object.hasOwn(handlers.answer, type)) {
        await busyWhile(request, () => reply(socket, request, answerOrError(handlers.answer[type], request.content)));
      }
    }
  };
  const beat = async (): Promise<void> => {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  };

  const address = (port: number): string => `${connection.transport}://${connection.ip}:${port}`;
  await Promise.all([
    iopub.bind(address(connection.iopub_port)),
    shell.bind(address(connection.shell_port)),
    control.bind(address(connection.control_port)),
    stdin.bind(address(connection.stdin_port)),
    heartbeat.bind(address(connection.hb_port)),
  ]);
  void receive(shell);
  void receive(control);
  void beat();
  return { publish };
}

/** A question that cannot be answered (completion in a text that the compiler chokes on) must not leave its asker waiting. */
function answerOrError(answer: (content: Content) => Content, content: Content): Content {
  try {
    return answer(content);
  } catch (error) {
    const { name, message } = error as Error;
    return { status: "error", ename: name, evalue: message, traceback: [String((error as Error).stack)] };
  }
}
