import { crc32, inflateRawSync } from "node:zlib";
import { WorkbenchError } from "../core/errors";

/** A zip archive in memory; entries are unpacked when they are read. Nothing is written anywhere. */
export interface ZipArchive {
  /** Names of the files in the order of the archive. */
  readonly names: readonly string[];
  /** @returns an entry's bytes, checked against its size and CRC-32. @throws WorkbenchError if it is missing or damaged */
  read(name: string): Uint8Array;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const endBytes = 22;
const longestComment = 0xffff;
/** Deflate cannot pack tighter than 1032 to 1 (https://zlib.net/zlib_tech.html). */
const tightestPacking = 1032;
/** What all entries may unpack to together, whatever they promise. */
const mostUnpacked = 2 ** 31;

/**
 * Opens a zip archive by APPNOTE.TXT (PKWARE), without zip64 and encryption. Before anything is unpacked: names stay inside a folder,
 * no entry is a link, entries do not overlap (which is how bombs multiply), and promised sizes can be kept.
 * @param bytes the whole file @param source the file's name, for errors
 * @throws WorkbenchError naming the file, the entry and the value
 */
export function openZip(bytes: Uint8Array, source: string): ZipArchive {
  const broken = (what: string) => new WorkbenchError(`${source}: ${what}`, "the file is damaged or unusual; fetch or write it again");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, Entry>();
  const directory = findDirectory(view, broken);
  let total = 0;
  let at = directory.start;
  for (let count = 0; count < directory.count; count++) {
    if (at + 46 > directory.end || view.getUint32(at, true) !== 0x02014b50) throw broken(`entry ${count} of the directory is not there`);
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + lengths[0] + lengths[1] + lengths[2];
    if (next > directory.end) throw broken(`entry ${count} of the directory runs out of it`);
    const entry = readEntry(view, at, new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + lengths[0])), broken);
    at = next;
    if (entry.name.endsWith("/")) continue;
    if (entries.has(entry.name)) throw broken(`${quoted(entry.name)} is there twice`);
    entries.set(entry.name, entry);
    total += entry.size;
  }
  if (total > mostUnpacked) throw broken(`unpacks to ${total} bytes, more than ${mostUnpacked}`);
  const starts = locate([...entries.values()], view, directory.start, broken);

  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name);
      if (!entry) throw broken(`has no entry ${quoted(name)}`);
      const start = starts.get(name) as number;
      const packed = bytes.subarray(start, start + entry.packed);
      const content = entry.method === 0 ? packed : inflate(packed, entry, broken);
      if (crc32(content) !== entry.crc) throw broken(`${quoted(name)} does not match its CRC-32`);
      return content;
    },
  };
}

type Broken = (what: string) => Error;

const quoted = (name: string) => JSON.stringify(name.slice(0, 100));

/** The end record lies at the end of the file, before a comment of known length. */
function findDirectory(view: DataView, broken: Broken): { start: number; end: number; count: number } {
  for (let at = view.byteLength - endBytes; at >= Math.max(0, view.byteLength - endBytes - longestComment); at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + endBytes + view.getUint16(at + 20, true) !== view.byteLength) continue;
    const [count, size, start] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    if (count === 0xffff || start === 0xffffffff) throw broken("is a zip64 archive, which is not supported");
    if (start + size > at) throw broken(`directory of ${size} bytes at ${start} in a file of ${view.byteLength}`);
    return { start, end: start + size, count };
  }
  throw broken("has no end of a zip directory (truncated file)");
}

function readEntry(view: DataView, at: number, name: string, broken: Broken): Entry {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [crc, packed, size] = [16, 20, 24].map((field) => view.getUint32(at + field, true));
  const fault = (what: string) => broken(`${quoted(name)} ${what}`);
  const parts = name.split("/");
  if (name === "" || name.startsWith("/") || parts.includes("..") || /[\\\0]|^[A-Za-z]:/.test(name)) throw fault("would lie outside the folder");
  if (((view.getUint32(at + 38, true) >>> 16) & 0o170000) === 0o120000) throw fault("is a symbolic link");
  if (flags & 1) throw fault("is encrypted");
  if (method !== 0 && method !== 8) throw fault(`is packed by method ${method}, want 0 (stored) or 8 (deflate)`);
  if (packed === 0xffffffff || size === 0xffffffff) throw fault("is of zip64, which is not supported");
  if (method === 0 ? size !== packed : size > packed * tightestPacking) throw fault(`promises ${size} bytes out of ${packed}`);
  return { name, method, crc, packed, size, offset: view.getUint32(at + 42, true) };
}

/** @returns where the content of each entry starts, by its local header; contents lie one behind the other before the directory */
function locate(entries: readonly Entry[], view: DataView, end: number, broken: Broken): Map<string, number> {
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset);
  const starts = new Map<string, number>();
  inOrder.forEach(({ name, offset, packed }, index) => {
    const limit = Math.min(inOrder[index + 1]?.offset ?? end, end);
    if (offset + 30 > limit || view.getUint32(offset, true) !== 0x04034b50) throw broken(`${quoted(name)} is not at byte ${offset}`);
    const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    if (start + packed > limit) throw broken(`${quoted(name)} of ${packed} bytes at ${start} overlaps what lies at ${limit}`);
    starts.set(name, start);
  });
  return starts;
}

function inflate(packed: Uint8Array, { name, size }: Entry, broken: Broken): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  let content: Uint8Array;
  try {
    content = inflateRawSync(packed, { maxOutputLength: size });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw broken(tooLarge ? `${quoted(name)} holds more than the ${size} bytes that it promises` : `${quoted(name)} is damaged (${(error as Error).message})`);
  }
  if (content.length !== size) throw broken(`${quoted(name)} holds ${content.length} bytes, not the ${size} that it promises`);
  return content;
}
