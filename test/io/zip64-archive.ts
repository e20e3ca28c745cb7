import { crc32 } from "node:zlib";

/** One file of an archive. */
export interface Piece {
  readonly name: string;
  readonly content: Buffer;
  /** Where its local header lies; between pieces the file has holes. */
  readonly at: number;
}

/** A stored entry's local header with its content. */
export function localPart({ name, content }: Piece): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt32LE(crc32(content), 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), content]);
}

/** A directory record whose sizes and place stand in the zip64 field. */
export function directoryPart({ name, content, at }: Piece, change: (extra: Buffer) => void = () => undefined): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt32LE(crc32(content), 16);
  for (const field of [20, 24, 42]) record.writeUInt32LE(0xffffffff, field);
  record.writeUInt16LE(name.length, 28);
  record.writeUInt16LE(28 + 6, 30);
  // A field of another kind before it, as packers write for times.
  const extra = Buffer.alloc(6 + 28);
  extra.writeUInt16LE(0x5455, 0);
  extra.writeUInt16LE(2, 2);
  extra.writeUInt16LE(1, 6);
  extra.writeUInt16LE(24, 8);
  [content.length, content.length, at].forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 10 + 8 * i));
  change(extra);
  return Buffer.concat([record, Buffer.from(name), extra]);
}

/** The zip64 end record, its locator and the end record. */
export function endPart(count: number, size: number, start: number, at = start + size): Buffer {
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  [count, count, size, start].forEach((value, i) => end.writeBigUInt64LE(BigInt(value), 24 + 8 * i));
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(at), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  end.writeUInt16LE(0xffff, 84);
  end.writeUInt16LE(0xffff, 86);
  end.writeUInt32LE(0xffffffff, 88);
  end.writeUInt32LE(0xffffffff, 92);
  return end;
}

/** An archive of one stored file whose sizes and place stand in zip64 records. @param change lies in them */
export function smallZip64(change?: (extra: Buffer) => void, at?: number): Buffer {
  const piece = { name: "HK/Case38.nii", content: Buffer.from("one volume"), at: 0 };
  const [local, directory] = [localPart(piece), directoryPart(piece, change)];
  return Buffer.concat([local, directory, endPart(1, directory.length, local.length, at)]);
}
