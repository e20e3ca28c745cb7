import { createHmac, randomUUID } from "node:crypto";

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

const delimiter = Buffer.from("<IDS|MSG>");

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

/** @returns the frames of a message, signed with the connection's key. */
export function encode(key: string, message: Message): Buffer[] {
  const parts = [message.header, message.parent, {}, message.content].map((part) => Buffer.from(JSON.stringify(part)));
  return [...message.identities, delimiter, Buffer.from(sign(key, parts)), ...parts];
}

/** @returns the message in `frames`; undefined when it is malformed or its signature is wrong. */
export function decode(key: string, frames: readonly Buffer[]): Message | undefined {
  const start = frames.findIndex((frame) => frame.equals(delimiter));
  const parts = frames.slice(start + 2, start + 6);
  if (start < 0 || parts.length < 4 || frames[start + 1].toString() !== sign(key, frames.slice(start + 2)))
    return undefined;
  const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString("utf8")) as unknown);
  return {
    header: header as Header,
    parent: parent as Partial<Header>,
    content: content as Record<string, unknown>,
    identities: frames.slice(0, start),
  };
}

function sign(key: string, parts: readonly Buffer[]): string {
  const hash = createHmac("sha256", key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
