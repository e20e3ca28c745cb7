import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, zipSync, type Zippable } from "fflate";
import { WorkbenchError } from "../../lib/core/errors";
import { openZip } from "../../lib/io/zip";

const zip = (files: Zippable, level: 0 | 6 = 6) => Buffer.from(zipSync(files, { level, mtime: "2020-01-01" }));
const refused = (message: RegExp) => (error: unknown) =>
  error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n");
const text = "one line and one line and one line";
/** Overwrites a field of the only entry's directory record. */
const edited = (archive: Buffer, field: number, value: number, bytes: 2 | 4) => {
  const copy = Buffer.from(archive);
  copy.writeUIntLE(value, copy.indexOf("PK\x01\x02") + field, bytes);
  return copy;
};

test("stored and deflated entries are read, folders are not listed, a comment at the end does not matter", () => {
  for (const level of [0, 6] as const) {
    const archive = zip({ "a/b.txt": strToU8(text), "a/": new Uint8Array(0), empty: new Uint8Array(0) }, level);
    const comment = Buffer.concat([archive, Buffer.from("made by hand")]);
    comment.writeUInt16LE(12, archive.length - 2);
    for (const bytes of [archive, comment]) {
      const { names, read } = openZip(bytes, "zip");
      assert.deepEqual([...names].sort(), ["a/b.txt", "empty"]);
      assert.deepEqual([Buffer.from(read("a/b.txt")).toString(), read("empty").length], [text, 0]);
      assert.throws(() => read("c"), refused(/zip: has no entry "c"/));
    }
  }
});

test("an archive whose packer wrote the separators of Windows is read", () => {
  const { names, read } = openZip(zip({ "HK\\Case38.nii": strToU8(text), "HK\\": new Uint8Array(0) }), "windows");
  assert.deepEqual(names, ["HK/Case38.nii"]);
  assert.equal(Buffer.from(read("HK/Case38.nii")).toString(), text);
});

test("names outside the folder and links are refused", () => {
  for (const name of [
    "../evil",
    "a/../../evil",
    "/etc/passwd",
    "C:\\evil",
    "a\\..\\evil",
    "\\\\host\\evil",
    "c:evil",
    "nul\0",
  ]) {
    assert.throws(
      () => openZip(zip({ [name]: strToU8("x") }), "slip"),
      refused(/slip: ".*" would lie outside the folder/),
      name,
    );
  }
  assert.throws(
    () => openZip(zip({ link: [strToU8("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] }), "link"),
    refused(/"link" is a symbolic link/),
  );
});

test("sizes that cannot be kept, overlaps and damage are refused before anything is unpacked", () => {
  const archive = zip({ a: strToU8(text) });
  const stored = zip({ a: strToU8(text) }, 0);
  const faults: [RegExp, Buffer][] = [
    [/"a" promises 4000000000 bytes out of \d\d/, edited(archive, 24, 4_000_000_000, 4)],
    [/"a" promises 33 bytes out of 34/, edited(stored, 24, 33, 4)],
    [/"a" holds more than the 20 bytes that it promises/, edited(archive, 24, 20, 4)],
    [/"a" holds 34 bytes, not the 35 that it promises/, edited(archive, 24, 35, 4)],
    [/"a" does not match its CRC-32/, edited(archive, 16, 1, 4)],
    [/"a" is packed by method 12 \(bzip2\)/, edited(archive, 10, 12, 2)],
    [/"a" is encrypted/, edited(archive, 8, 1, 2)],
    [/"a" has no zip64 sizes/, edited(archive, 24, 0xffffffff, 4)],
    [/"a" is not at byte 4000/, edited(archive, 42, 4000, 4)],
    [/entry 0 of the directory runs out of it/, edited(archive, 28, 2000, 2)],
    [/no end of a zip directory \(truncated file\)/, archive.subarray(0, archive.length - 1)],
    [/no end of a zip directory/, Buffer.alloc(0)],
  ];
  for (const [message, bytes] of faults)
    assert.throws(() => openZip(bytes, "bad.zip").read("a"), refused(message), `${message}`);
});

test("entries that share their bytes, which is how small bombs grow, are refused", () => {
  const archive = zip({ a: strToU8(text), b: strToU8(text) }, 0);
  const second = archive.indexOf("PK\x01\x02", archive.indexOf("PK\x01\x02") + 1);
  archive.writeUInt32LE(0, second + 42);
  assert.throws(() => openZip(archive, "bomb"), refused(/"[ab]" (is not at byte 0|of 34 bytes at \d+ overlaps)/));
});

test("entries that start behind the end of the file are refused, whatever lies after them", () => {
  const archive = zip({ a: strToU8(text), b: strToU8(text) }, 0);
  const second = archive.indexOf("PK\x01\x02", archive.indexOf("PK\x01\x02") + 1);
  archive.writeUInt32LE(archive.length - 2, archive.indexOf("PK\x01\x02") + 42);
  archive.writeUInt32LE(4_000_000_000, second + 42);
  assert.throws(() => openZip(archive, "far"), refused(/"a" is not at byte \d+/));
});

test("an archive that promises gigabytes is refused before anything is unpacked", () => {
  let state = 1;
  const noise = Uint8Array.from({ length: 2_200_000 }, () => (state = (state * 48271) % 0x7fffffff) & 0xff);
  const archive = zip({ noise });
  const packed = archive.readUInt32LE(archive.indexOf("PK\x01\x02") + 20);
  assert.throws(
    () => openZip(edited(archive, 24, packed * 1032, 4), "bomb"),
    refused(/bomb: "noise" unpacks to \d{10} bytes, more than 2147483648/),
  );
});

test("a local header that claims to reach into the next entry, which is how its bytes are quoted, is refused", () => {
  const archive = zip({ a: strToU8(text), b: strToU8(text) }, 0);
  archive.writeUInt16LE(40, 28);
  assert.throws(
    () => openZip(archive, "quoted").read("a"),
    refused(/"a" of 34 bytes at \d+ overlaps what lies at \d+/),
  );
  assert.equal(Buffer.from(openZip(archive, "quoted").read("b")).toString(), text);
});

test("an entry that takes far more room than it promises to fill is refused before it is read", () => {
  const noise = Uint8Array.from({ length: 9000 }, (_, i) => (i * i * 2654435761) >>> 13);
  assert.throws(
    () => openZip(edited(zip({ noise }), 24, 100, 4), "loose"),
    refused(/"noise" promises 100 bytes out of \d+/),
  );
});
