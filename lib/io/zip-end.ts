import type { ByteSource } from "./byte-source";

/** Makes an error about the archive. */
export type Broken = (what: string) => Error;

const endBytes = 22;
const locatorBytes = 20;
const zip64EndBytes = 56;
const longestComment = 0xffff;

/** What stands in a field of 32 bits whose value is in the zip64 record. */
export const saturated = 0xffffffff;

/** Where the central directory lies. */
export interface Directory {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

/** The end record lies at the end of the file, before a comment of known length. */
export function findDirectory(source: ByteSource, broken: Broken): Directory {
  const tailStart = Math.max(0, source.length - endBytes - longestComment);
  const tail = source.read(tailStart, source.length - tailStart);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + endBytes + view.getUint16(at + 20, true) !== tail.length)
      continue;
    const plain = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    const needsMore = plain.count === 0xffff || plain.size === saturated || plain.start === saturated;
    const end = tailStart + at;
    const found = needsMore ? (readZip64End(source, end, broken) ?? plain) : plain;
    if (view.getUint16(at + 4, true) !== view.getUint16(at + 6, true))
      throw broken("is one part of an archive in several files");
    if (found.start + found.size > end)
      throw broken(`directory of ${found.size} bytes at ${found.start} in a file of ${source.length}`);
    return found;
  }
  throw broken("has no end of a zip directory (truncated file)");
}

/** The zip64 end record, by its locator just before the end record; none where there is no locator. */
function readZip64End(source: ByteSource, end: number, broken: Broken): Directory | undefined {
  if (end < locatorBytes) return undefined;
  const locator = viewOf(source.read(end - locatorBytes, locatorBytes));
  if (locator.getUint32(0, true) !== 0x07064b50) return undefined;
  const at = longAt(locator, 8, "zip64 end record", broken);
  if (at + zip64EndBytes > end - locatorBytes) throw broken(`zip64 end record at ${at} in a file of ${source.length}`);
  const record = viewOf(source.read(at, zip64EndBytes));
  if (record.getUint32(0, true) !== 0x06064b50) throw broken(`no zip64 end record at ${at}`);
  const [count, size, start] = [32, 40, 48].map((field) => longAt(record, field, "zip64 end record", broken));
  if (start + size > at) throw broken(`directory of ${size} bytes at ${start} in a file of ${source.length}`);
  return { count, size, start };
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A whole number of 64 bits, as far as JavaScript has them. */
export function longAt(view: DataView, at: number, what: string, broken: Broken): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw broken(`${what} is ${value}`);
  return value;
}
