import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** https://jupyter-client.readthedocs.io/en/stable/messaging.html: the kernel and the headless runner speak the same protocol. */
export interface Message {
  readonly header: Header;
  readonly parent: Partial<Header>;
  readonly content: Readonly<Record<string, unknown>>;
  /** Who asked, as the router socket needs it to answer. */
  readonly identities: readonly Buffer[];
}

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** What a connection file holds. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

/** A message that carries the right signature and yet says nothing that can be understood. */
export interface Malformed {
  readonly problem: string;
  readonly header: Header | undefined;
  readonly identities: readonly Buffer[];
}

/** Writes and reads the messages of one connection. */
export interface Codec {
  /** @returns the frames of a message, signed with the connection's key. */
  encode(message: Message): Buffer[];
  /** @returns the message in `frames`; undefined when it is not signed with the key, or has been received before */
  decode(frames: readonly Buffer[]): Message | Malformed | undefined;
}

const delimiter = Buffer.from("<IDS|MSG>");
/** Signatures that are remembered, so that a message which was recorded and sent again is not obeyed; as many as Jupyter's own client keeps. */
const remembered = 65_536;

export function createHeader(type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: "iop-fl",
    date: new Date().toISOString(),
    version: "5.3",
  };
}

/** An empty key means unsigned messages, as the protocol has it. */
export function createCodec({ key, signature_scheme: scheme }: Pick<Connection, "key" | "signature_scheme">): Codec {
  const algorithm = scheme.replace(/^hmac-/, "");
  const sign = (parts: readonly Buffer[]): Buffer => {
    if (key === "") return Buffer.alloc(0);
    const hash = createHmac(algorithm, key);
    for (const part of parts) hash.update(part);
    return Buffer.from(hash.digest("hex"));
  };
  const seen = new Set<string>();
  const isFresh = (signature: Buffer): boolean => {
    if (signature.length === 0) return true;
    const text = signature.toString("latin1");
    if (seen.has(text)) return false;
    seen.add(text);
    if (seen.size > remembered) for (const oldest of seen) return seen.delete(oldest);
    return true;
  };
  return {
    encode(message) {
      const values = [message.header, message.parent, {}, message.content];
      const parts = values.map((part) => Buffer.from(JSON.stringify(part)));
      return [...message.identities, delimiter, sign(parts), ...parts];
    },
    decode(frames) {
      const start = frames.findIndex((frame) => frame.equals(delimiter));
      const parts = frames.slice(start + 2, start + 6);
      if (start < 0 || parts.length < 4) return undefined;
      const [given, own] = [frames[start + 1], sign(frames.slice(start + 2))];
      if (given.length !== own.length || !timingSafeEqual(given, own) || !isFresh(given)) return undefined;
      return read(parts, frames.slice(0, start));
    },
  };
}

function read(parts: readonly Buffer[], identities: readonly Buffer[]): Message | Malformed {
  const [header, parent, , content] = parts.map(parse);
  const isHeader = isRecord(header) && typeof header.msg_id === "string" && typeof header.msg_type === "string";
  if (!isHeader) return { problem: "the header is not that of a message", header: undefined, identities };
  const known = { session: "", ...header } as unknown as Header;
  if (content !== null && !isRecord(content))
    return { problem: "the content is not a JSON object", header: known, identities };
  return {
    header: known,
    parent: isRecord(parent) ? (parent as Partial<Header>) : {},
    content: content ?? {},
    identities,
  };
}

/** @returns the value; undefined where the bytes are no JSON */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
