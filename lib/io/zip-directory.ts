import { quote as quoted } from "../core/errors";
import type { ByteSource } from "./byte-source";
import { findDirectory, longAt, saturated, type Broken } from "./zip-end";

/** One file of a zip archive as the central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflate. */
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its local header lies. */
  readonly offset: number;
  /** Where the next entry or the directory starts: the content ends before. */
  readonly limit: number;
}

type Located = Omit<ZipEntry, "limit">;

/** Far above any data set; each entry takes memory when the directory is read. */
const mostEntries = 200_000;
const longestDirectory = 2 ** 26;
/** How other packers call their methods; Windows takes the first for large files. */
const otherMethods: Readonly<Record<number, string>> = {
  9: "deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "xz",
};
/** Deflate cannot pack tighter than 1032 to 1 (https://zlib.net/zlib_tech.html). */
const tightestPacking = 1032;
/** Nor do packers write much more than they are given. */
const loosestPacking = { times: 2, bytes: 1024 };

/**
 * Reads the central directory at the end of an archive by APPNOTE.TXT (PKWARE) 4.3.12 to 4.3.16 and 4.5.3, zip64 included. Names
 * stay inside a folder, no entry is a link or encrypted, promised sizes can be kept, and no two entries share bytes.
 * @returns the entries by name, folders left out
 */
export function readZipDirectory(source: ByteSource, broken: Broken): Map<string, ZipEntry> {
  const { start, size, count } = findDirectory(source, broken);
  if (count > mostEntries || size > longestDirectory)
    throw broken(`lists ${count} entries in ${size} bytes, more than ${mostEntries} in ${longestDirectory}`);
  const bytes = source.read(start, size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, Located>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > size || view.getUint32(at, true) !== 0x02014b50)
      throw broken(`entry ${index} of the directory is not there`);
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + name + extra + comment;
    if (next > size) throw broken(`entry ${index} of the directory runs out of it`);
    const written = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name));
    // Some packers of Windows write its separators, against APPNOTE.TXT 4.4.17.
    const entry = readEntry(view, at, written.replaceAll("\\", "/"), broken);
    at = next;
    if (entry.name.endsWith("/")) continue;
    if (entries.has(entry.name)) throw broken(`${quoted(entry.name)} is there twice`);
    entries.set(entry.name, entry);
  }
  if (at !== size) throw broken(`lists ${count} entries, whose directory has ${at} bytes, in one of ${size}`);
  const limits = limitsOf([...entries.values()], start, broken);
  return new Map([...entries].map(([name, entry]) => [name, { ...entry, limit: limits.get(name) ?? start }]));
}

function readEntry(view: DataView, at: number, name: string, broken: Broken): Located {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const fault: Broken = (what) => broken(`${quoted(name)} ${what}`);
  const parts = name.split("/");
  if (name === "" || name.startsWith("/") || parts.includes("..") || /\0|^[A-Za-z]:/.test(name))
    throw fault("would lie outside the folder");
  if (((view.getUint32(at + 38, true) >>> 16) & 0o170000) === 0o120000) throw fault("is a symbolic link");
  if (flags & 1) throw fault("is encrypted");
  if (method !== 0 && method !== 8) {
    const is = otherMethods[method] ? ` (${otherMethods[method]})` : "";
    throw fault(`is packed by method ${method}${is}, want 0 (stored) or 8 (deflate)`);
  }
  const { packed, size, offset } = sizesOf(view, at, fault);
  const loosest = loosestPacking.times * size + loosestPacking.bytes;
  if (method === 0 ? size !== packed : size > packed * tightestPacking || packed > loosest)
    throw fault(`promises ${size} bytes out of ${packed}`);
  return { name, method, crc: view.getUint32(at + 16, true), packed, size, offset };
}

/** Sizes and place of an entry: those that do not fit into 32 bits stand, in this order, in the extra field 1. */
function sizesOf(view: DataView, at: number, fault: Broken): { size: number; packed: number; offset: number } {
  const plain = {
    size: view.getUint32(at + 24, true),
    packed: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  };
  const wanted = (["size", "packed", "offset"] as const).filter((field) => plain[field] === saturated);
  if (wanted.length === 0) return plain;
  const from = at + 46 + view.getUint16(at + 28, true);
  const to = from + view.getUint16(at + 30, true);
  for (let field = from; field + 4 <= to; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    const length = view.getUint16(field + 2, true);
    if (length < 8 * wanted.length || field + 4 + length > to) break;
    const values = wanted.map(
      (name, place) => [name, longAt(view, field + 4 + 8 * place, `zip64 ${name}`, fault)] as const,
    );
    return { ...plain, ...Object.fromEntries(values) };
  }
  throw fault("has no zip64 sizes");
}

/** Contents lie one behind the other before the directory: entries that share bytes are how small bombs grow. */
function limitsOf(entries: readonly Located[], end: number, broken: Broken): Map<string, number> {
  const inOrder = [...entries].sort((a, b) => a.offset - b.offset);
  return new Map(
    inOrder.map(({ name, offset, packed }, index) => {
      if (offset + 30 > end) throw broken(`${quoted(name)} is not at byte ${offset}`);
      const limit = Math.min(inOrder[index + 1]?.offset ?? end, end);
      if (offset + 30 + packed > limit)
        throw broken(`${quoted(name)} of ${packed} bytes at ${offset} overlaps what lies at ${limit}`);
      return [name, limit];
    }),
  );
}
