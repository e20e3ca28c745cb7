import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { WorkbenchError } from "../../lib/core/errors";
import { openZip, openZipFile } from "../../lib/io/zip";
import { openSource } from "../../lib/data/set/source";
import { directoryPart, endPart, localPart, smallZip64 } from "./zip64-archive";

const folder = mkdtempSync(join(tmpdir(), "iop-fl-zip64-"));
after(() => rmSync(folder, { recursive: true }));
const refused = (message: RegExp) => (error: unknown) =>
  error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n");

test("a zip64 archive is read from memory and from a file", () => {
  const path = join(folder, "small.zip");
  writeFileSync(path, smallZip64());
  for (const archive of [openZip(smallZip64(), "zip64"), openZipFile(path)]) {
    assert.deepEqual(archive.names, ["HK/Case38.nii"]);
    assert.equal(Buffer.from(archive.read("HK/Case38.nii")).toString(), "one volume");
  }
});

test("zip64 records that lie are refused in one line", () => {
  const set = (place: number, value: bigint) => (extra: Buffer) => void extra.writeBigUInt64LE(value, 10 + 8 * place);
  const faults: [RegExp, Buffer][] = [
    [/"HK\/Case38\.nii" promises 11 bytes out of 10/, smallZip64(set(0, 11n))],
    [/zip64 size is 18446744073709552000/, smallZip64(set(0, 2n ** 64n - 1n))],
    [/is not at byte 9007199254740990/, smallZip64(set(2, 2n ** 53n - 2n))],
    [/has no zip64 sizes/, smallZip64((extra) => void extra.writeUInt16LE(8, 8))],
    [/has no zip64 sizes/, smallZip64((extra) => void extra.writeUInt16LE(2, 6))],
    [/zip64 end record at 1000000 in a file of \d+/, smallZip64(undefined, 1_000_000)],
    [/no zip64 end record at 3/, smallZip64(undefined, 3)],
  ];
  for (const [message, bytes] of faults)
    assert.throws(() => openZip(bytes, "bad.zip").read("HK/Case38.nii"), refused(message), `${message}`);
});

test("an archive of more than 4 GiB is read from its file, an entry at a time, in little memory", () => {
  const path = join(folder, "large.zip");
  // Three entries, with holes between them that take no room on the disk.
  const pieces = [0, 2 ** 31 + 5, 2 ** 32 + 77].map((at, i) => ({
    name: `HK/Case4${i}.nii`,
    content: Buffer.alloc(1 << 20, i + 1),
    at,
  }));
  const last = pieces[2];
  const start = last.at + localPart(last).length;
  const directory = Buffer.concat(pieces.map((piece) => directoryPart(piece)));
  const file = openSync(path, "w");
  for (const piece of pieces) writeSync(file, localPart(piece), 0, undefined, piece.at);
  writeSync(file, directory, 0, undefined, start);
  writeSync(file, endPart(3, directory.length, start), 0, undefined, start + directory.length);
  closeSync(file);
  assert.ok(statSync(path).size > 2 ** 32);
  const before = process.memoryUsage().rss;
  const { names, read } = openSource(path);
  assert.deepEqual(
    names,
    pieces.map(({ name }) => name),
  );
  for (const { name, content } of pieces) assert.equal(Buffer.compare(Buffer.from(read(name)), content), 0);
  assert.ok(process.memoryUsage().rss - before < 100 * 2 ** 20, "the whole archive is in memory");
  const cut = openSync(path, "r+");
  ftruncateSync(cut, 2 ** 31);
  closeSync(cut);
  assert.throws(() => openSource(path), refused(/no end of a zip directory/));
  assert.throws(() => read(names[2]), refused(/became shorter while it was read/));
});

test("what Python's zipfile writes as zip64 is read", (context) => {
  if (spawnSync("python3", ["--version"]).status !== 0)
    return context.skip("no python3: apt-get install python3, or your system's own");
  const path = join(folder, "python.zip");
  const script = `import zipfile, sys
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with archive.open(zipfile.ZipInfo(f"HK/{method}.nii"), "w", force_zip64=True) as entry: entry.write(b"volume" * 1000)
    for i in range(66000): archive.writestr(f"many/{i}", b"x")`;
  execFileSync("python3", ["-c", script, path]);
  for (const archive of [openZip(readFileSync(path), path), openZipFile(path)]) {
    assert.equal(archive.names.length, 66_002);
    for (const name of ["HK/0.nii", "HK/8.nii"])
      assert.equal(Buffer.from(archive.read(name)).toString(), "volume".repeat(1000));
    assert.equal(Buffer.from(archive.read("many/65999")).toString(), "x");
  }
});
