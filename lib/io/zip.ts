import { crc32, inflateRawSync } from "node:zlib";
import { quote as quoted, WorkbenchError } from "../core/errors";
import { bytesInMemory, bytesOfFile, type ByteSource } from "./byte-source";
import { readZipDirectory, type ZipEntry } from "./zip-directory";
import type { Broken } from "./zip-end";

/** A zip archive; entries are unpacked one at a time, when they are read. Nothing is written anywhere. */
export interface ZipArchive {
  /** Names of the files in the order of the archive. */
  readonly names: readonly string[];
  /** Bytes that all files unpack to, as the archive promises. */
  readonly size: number;
  /** @returns an entry's bytes, checked against its size and CRC-32. @throws WorkbenchError if it is missing or damaged */
  read(name: string): Uint8Array;
}

/** What an archive may unpack to, whatever it promises. */
interface Limits {
  readonly entry: number;
  readonly all: number;
}

/** Of an archive in memory all entries may be held at once; of a file, one at a time. */
const inMemory: Limits = { entry: 2 ** 31, all: 2 ** 31 };
const inFile: Limits = { entry: 2 ** 30, all: 2 ** 38 };

/**
 * Opens a zip archive, zip64 included. Before anything is unpacked: names stay inside a folder, no entry is a link, entries do
 * not overlap (which is how bombs multiply), and promised sizes can be kept.
 * @param bytes the whole file @param name the file's name, for errors
 * @throws WorkbenchError naming the file, the entry and the value
 */
export function openZip(bytes: Uint8Array, name: string): ZipArchive {
  return open(bytesInMemory(bytes), name, inMemory);
}

/** The same of a file of any size, of which only the directory and the entry that is asked for are in memory. */
export function openZipFile(path: string, name = path): ZipArchive {
  return open(bytesOfFile(path, name), name, inFile);
}

function open(source: ByteSource, name: string, limits: Limits): ZipArchive {
  const broken: Broken = (what) =>
    new WorkbenchError(`${name}: ${what}`, "the file is damaged or unusual; fetch or write it again");
  const entries = readZipDirectory(source, broken);
  let total = 0;
  for (const { name: entry, size } of entries.values()) {
    if (size > limits.entry) throw broken(`${quoted(entry)} unpacks to ${size} bytes, more than ${limits.entry}`);
    total += size;
  }
  if (total > limits.all) throw broken(`unpacks to ${total} bytes, more than ${limits.all}`);
  return {
    names: [...entries.keys()],
    size: total,
    read(wanted) {
      const entry = entries.get(wanted);
      if (!entry) throw broken(`has no entry ${quoted(wanted)}`);
      const packed = readPacked(source, entry, broken);
      const content = entry.method === 0 ? packed : inflate(packed, entry, broken);
      if (crc32(content) !== entry.crc) throw broken(`${quoted(wanted)} does not match its CRC-32`);
      return content;
    },
  };
}

/** The content of an entry lies behind its local header, and before the next entry, however long the header claims to be. */
function readPacked(source: ByteSource, { name, offset, packed, limit }: ZipEntry, broken: Broken): Uint8Array {
  const header = source.read(offset, 30);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50) throw broken(`${quoted(name)} is not at byte ${offset}`);
  const start = offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + packed > limit)
    throw broken(`${quoted(name)} of ${packed} bytes at ${start} overlaps what lies at ${limit}`);
  return source.read(start, packed);
}

function inflate(packed: Uint8Array, { name, size }: ZipEntry, broken: Broken): Uint8Array {
  let content: Uint8Array;
  try {
    // Node takes no limit below one byte; an entry that promises none is unpacked all the same, since its stream may be damaged.
    content = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw broken(
      tooLarge
        ? `${quoted(name)} holds more than the ${size} bytes that it promises`
        : `${quoted(name)} is damaged (${(error as Error).message})`,
    );
  }
  if (content.length !== size)
    throw broken(`${quoted(name)} holds ${content.length} bytes, not the ${size} that it promises`);
  return content;
}
