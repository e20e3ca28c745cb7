import { getHashes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { Connection } from "../wire";

const portNames = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/**
 * Reads the connection file that Jupyter writes: https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 * @throws Error naming the field that this kernel cannot obey
 */
export function readConnection(path: string): Connection {
  const fields = { transport: "tcp", ip: "127.0.0.1", key: "", signature_scheme: "hmac-sha256", ...parse(path) };
  const { transport, ip, key, signature_scheme: scheme } = fields;
  const refuse = (name: string, value: unknown, wanted: string): never => {
    throw new Error(`the connection file ${path} has ${name} ${JSON.stringify(value)}; this kernel takes ${wanted}`);
  };
  if (transport !== "tcp" && transport !== "ipc") refuse("transport", transport, '"tcp" or "ipc"');
  if (typeof ip !== "string" || ip === "") refuse("ip", ip, "an address, a host's name, or a path for ipc");
  if (typeof key !== "string") refuse("key", key, "a text, empty for unsigned messages");
  if (!getHashes().some((hash) => scheme === `hmac-${hash}`))
    refuse("signature_scheme", scheme, "hmac-sha256 and the like");
  const ports = fields as Record<string, unknown>;
  for (const name of portNames) {
    const port = ports[name];
    const highest = transport === "tcp" ? 65_535 : Number.MAX_SAFE_INTEGER;
    if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > highest) refuse(name, port, `1 to ${highest}`);
  }
  return fields as Connection;
}

/** @returns where a socket is bound; sockets of ipc are files whose names end with the port */
export async function addressOf({ transport, ip }: Connection): Promise<(port: number) => string> {
  if (transport === "ipc") return (port) => `ipc://${ip}-${port}`;
  const host = ip === "*" || isIP(ip) ? ip : (await lookup(ip)).address;
  return (port) => `tcp://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

function parse(path: string): Record<string, unknown> {
  const text = readFileSync(path, "utf8");
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Error(`the connection file ${path} is not JSON`);
  }
}
