import type { MimeData } from "./kernel/host";

/** Edited modules are loaded afresh, so a bundle is known by a mark and not by a class. */
const mark = Symbol.for("iop-fl.bundle");

/** One thing to show, in several forms; the front end picks the richest that it can render. Always has `text/plain`. */
export interface Bundle {
  /** MIME types and contents: text, base64 for bytes, plain objects for JSON types. */
  readonly data: MimeData;
  /** By MIME type, as Jupyter's `display_data` has it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Makes what a front end shows. @param data MIME types and contents: text, base64 for bytes, plain objects for JSON types */
export function createBundle(data: MimeData, metadata: Readonly<Record<string, unknown>> = {}): Bundle {
  const marked = { data, metadata };
  Object.defineProperty(marked, mark, { value: true });
  return marked;
}

export function isBundle(value: unknown): value is Bundle {
  return typeof value === "object" && value !== null && mark in value;
}

/** A value that knows how it is shown has a method under this mark; edited modules are loaded afresh, so it is no class either. */
export const presentation = Symbol.for("iop-fl.present");

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
