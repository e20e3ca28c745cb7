import { Publisher, Reply, Router } from "zeromq";
import { createCodec, createHeader, type Connection, type Header, type Malformed, type Message } from "../wire";
import { bindTo } from "./bind";
import { addressOf } from "./connection";
import { createOutbox, type Outbox } from "./outbox";

type Content = Readonly<Record<string, unknown>>;

export interface Handlers {
  /** Requests that may be answered at once, also while a cell runs. */
  readonly answer: Readonly<Record<string, (content: Content) => Content>>;
  execute(content: Content, parent: Message): Promise<Content>;
  interrupt(): void;
  shutdown(): void;
  /** Sends what waits to be published, before a request counts as done. */
  flush(): void;
}

export interface Server {
  /**
   * Publishes to every front end; belongs to the request `parent`. Sent at once, also from inside a synchronous loop.
   * @param replaces a message that still waits and was published under the same name is replaced by this one
   */
  publish(type: string, content: Content, parent: Message | undefined, replaces?: string): void;
  /** Bytes that were published and have not left yet. */
  waitingBytes(): number;
}

/** How long the requests that were already on their way when a cell failed are given to arrive, in milliseconds. */
const drainTime = 30;

/** How long a kernel that ends waits for its last messages to leave, in milliseconds; without a limit a client that has gone holds it for ever. */
const linger = 500;

/** Binds the kernel's sockets and answers requests; cells run one after the other in the order received. */
export async function startServer(connection: Connection, handlers: Handlers): Promise<Server> {
  const codec = createCodec(connection);
  // The default mark drops or blocks beyond a thousand messages; an output must never be lost.
  const iopub = new Publisher({ sendHighWaterMark: 0, linger, ipv6: true });
  const [shell, control, stdin] = Array.from(
    { length: 3 },
    () => new Router({ sendHighWaterMark: 0, receiveHighWaterMark: 0, linger, ipv6: true }),
  );
  const heartbeat = new Reply({ ipv6: true });
  const published = createOutbox(iopub);
  const replies = new Map([shell, control].map((socket) => [socket, createOutbox(socket)]));
  const connected: Connected = { codec, published, replies, handlers };

  const address = await addressOf(connection);
  await Promise.all([
    bindTo(iopub, address(connection.iopub_port)),
    bindTo(shell, address(connection.shell_port)),
    bindTo(control, address(connection.control_port)),
    bindTo(stdin, address(connection.stdin_port)),
    bindTo(heartbeat, address(connection.hb_port)),
  ]);
  const beat = async (): Promise<void> => {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  };
  const execute = createQueue(connected, shell);
  void receive(connected, shell, execute);
  void receive(connected, control, execute);
  void beat();
  return {
    publish: (type, content, parent, replaces) => publish(connected, type, content, parent, replaces),
    waitingBytes: () => published.waitingBytes,
  };
}

interface Connected {
  readonly codec: ReturnType<typeof createCodec>;
  readonly published: Outbox;
  readonly replies: ReadonlyMap<Router, Outbox>;
  readonly handlers: Handlers;
}

function publish(
  { codec, published }: Connected,
  type: string,
  content: Content,
  parent: Known | undefined,
  replaces?: string,
): void {
  const header = createHeader(type, parent?.header.session ?? "kernel");
  const message = { header, parent: parent?.header ?? {}, content, identities: [Buffer.from(type)] };
  published.send(codec.encode(message), replaces);
}

type Asked = Pick<Message, "identities"> & { readonly header: Header | undefined };

function reply(
  { codec, replies }: Connected,
  socket: Router,
  { header: asked, identities }: Asked,
  content: Content,
): void {
  const type = asked ? asked.msg_type.replace(/_request$/, "_reply") : "error_reply";
  const header = createHeader(type, asked?.session ?? "kernel");
  replies.get(socket)?.send(codec.encode({ header, parent: asked ?? {}, content, identities }));
}

type Known = Pick<Message, "header">;

async function busyWhile(connected: Connected, request: Known, work: () => Promise<void> | void): Promise<void> {
  publish(connected, "status", { execution_state: "busy" }, request);
  try {
    await work();
  } finally {
    connected.handlers.flush();
    publish(connected, "status", { execution_state: "idle" }, request);
  }
}

/** @returns what takes a request to run a cell; whatever becomes of it, it is answered and the next one runs */
function createQueue(connected: Connected, shell: Router): (request: Message) => void {
  const { handlers } = connected;
  const waiting: Message[] = [];
  let running = false;
  const runOne = async (request: Message): Promise<void> => {
    const content = await handlers.execute(request.content, request).catch(errorContent);
    // Requests that were sent before the failure was known are given up, as the protocol wants; whoever sends one after having
    // seen the reply is served. (tslab gives up everything for 200 ms, and cells are skipped without a word.)
    if (content.status === "error" && request.content.stop_on_error !== false) {
      await new Promise((resolve) => setTimeout(resolve, drainTime));
      for (const given of waiting.splice(0))
        await busyWhile(connected, given, () => reply(connected, shell, given, { status: "aborted" }));
    }
    reply(connected, shell, request, content);
  };
  const runAll = async (): Promise<void> => {
    if (running) return;
    running = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const request = next;
      await busyWhile(connected, request, () => runOne(request));
    }
    running = false;
  };
  return (request) => {
    waiting.push(request);
    void runAll();
  };
}

async function receive(connected: Connected, socket: Router, execute: (request: Message) => void): Promise<void> {
  const { codec, handlers } = connected;
  const answer = (request: Message, work: () => Content) =>
    busyWhile(connected, request, () => reply(connected, socket, request, answerOrError(work)));
  for await (const frames of socket) {
    const request = codec.decode(frames);
    if (!request) continue;
    if ("problem" in request) {
      await refuse(connected, socket, request);
      continue;
    }
    const { header, content } = request;
    const type = header.msg_type;
    if (type === "execute_request" && typeof content.code === "string") execute(request);
    else if (type === "shutdown_request") {
      await answer(request, () => ({ status: "ok", restart: content.restart === true }));
      handlers.shutdown();
    } else if (type === "interrupt_request") {
      handlers.interrupt();
      await answer(request, () => ({ status: "ok" }));
    } else if (Object.hasOwn(handlers.answer, type)) await answer(request, () => handlers.answer[type](content));
    else if (type === "execute_request")
      await refuse(connected, socket, { ...request, problem: "the request has no code" });
    else if (type.endsWith("_request"))
      await refuse(connected, socket, { ...request, problem: `unknown request ${type}` });
  }
}

async function refuse(connected: Connected, socket: Router, malformed: Malformed): Promise<void> {
  const { header, problem } = malformed;
  const answer = () => reply(connected, socket, malformed, errorContent(new TypeError(problem)));
  if (header) await busyWhile(connected, { header }, answer);
  else answer();
}

/** A question that cannot be answered (completion in a text that the compiler chokes on) must not leave its asker waiting. */
function answerOrError(answer: () => Content): Content {
  try {
    return answer();
  } catch (error) {
    return errorContent(error);
  }
}

function errorContent(error: unknown): Content {
  const { name, message } = error as Error;
  return { status: "error", ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}
