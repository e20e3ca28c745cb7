import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { zipSync } from "fflate";
import { readNifti } from "../../lib/io/nifti";
import { readNpy } from "../../lib/io/npy";
import { decodePng, encodePng } from "../../lib/io/png";
import { readSafeTensors, writeSafeTensors, type TensorData } from "../../lib/io/safetensors";
import { openZip } from "../../lib/io/zip";
import { fuzz } from "./mutate";
import { withSums } from "./png-file";

/** Parts of a content, as independent-readers.py hashes them. */
type Part = string | number | Uint8Array | readonly number[];
type Digest = (bytes: Uint8Array) => string;

/** What zipfile refuses of the container, around contents whose size and CRC-32 are right. */
const tolerated = /^refused: (BadZipFile (Bad magic number|File name in directory|Overlapped)|NotImplementedError)/;

/** Mutated files of every format that our readers take must be taken by Python's own modules, and hold the same bytes. */
const usual = Number(process.env.FUZZ_CASES ?? 1500);

function digest(parts: readonly Part[]): string {
  const sha = createHash("sha256");
  for (const part of parts) {
    const written = Array.isArray(part) ? `[${part.join(", ")}]` : String(part);
    const bytes = part instanceof Uint8Array ? part : Buffer.from(written);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    sha.update(length).update(bytes);
  }
  return sha.digest("hex");
}
const raw = ({ buffer, byteOffset, byteLength }: TensorData) => new Uint8Array(buffer, byteOffset, byteLength);
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const kinds: Readonly<Record<string, readonly [kind: string, width: number]>> = {
  ...{ F64: ["f", 8], F32: ["f", 4], F16: ["f", 2], BOOL: ["b", 1] },
  ...{ I64: ["i", 8], I32: ["i", 4], I16: ["i", 2], I8: ["i", 1], U16: ["u", 2], U8: ["u", 1] },
};
const numpy = join(__dirname, "numpy");
const nifti = join(__dirname, "../golden/nifti");
const arrays = readdirSync(numpy)
  .filter((name) => name.endsWith(".npy"))
  .map((name) => new Uint8Array(readFileSync(join(numpy, name))))
  .filter((file) => !/\|O|\[\(/.test(Buffer.from(file).toString("latin1", 0, 128)));
const pictures = ([1, 3] as const).map((channels) =>
  encodePng({
    width: 5,
    height: 4,
    channels,
    data: Uint8Array.from({ length: 20 * channels }, (_, i) => (37 * i) % 256),
  }),
);
const volumes = readdirSync(nifti).map((name) => new Uint8Array(readFileSync(join(nifti, name))));
const archive = zipSync(
  { a: bytes("one line and one line and one line"), b: [bytes("stored"), { level: 0 }], c: new Uint8Array(0) },
  { mtime: "2020-01-01" },
);
const tensors = writeSafeTensors(
  [
    ["a", { type: "F32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ["b", { type: "U8", shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ],
  { note: "text" },
);

const formats: Readonly<Record<string, readonly [seeds: readonly Uint8Array[], read: Digest]>> = {
  zip: [
    [archive],
    (file) => {
      const { names, read } = openZip(file, "file");
      return digest(names.map(read));
    },
  ],
  npy: [
    arrays,
    (file) => {
      const { type, shape, data } = readNpy(file, "file");
      return digest([...kinds[type], shape, raw(data)]);
    },
  ],
  safetensors: [
    [tensors],
    (file) => {
      const all = [...readSafeTensors(file, "file").tensors].sort(([a], [b]) => (a < b ? -1 : 1));
      return digest(all.flatMap(([, { type, shape, data }]): Part[] => [type, shape, raw(data)]));
    },
  ],
  PNG: [
    pictures,
    (file) => {
      const { width, height, channels, data } = decodePng(withSums(file), "file");
      return digest([width, height, channels, data]);
    },
  ],
  NIfTI: [
    volumes,
    (file) => {
      const { shape, voxels } = readNifti(file, "file");
      return digest([shape, raw(voxels)]);
    },
  ],
};

for (const [name, [seeds, read]] of Object.entries(formats))
  test(`${name}: whatever of mutated files is read, Python reads the same`, async (context) => {
    if (spawnSync("python3", ["--version"]).status !== 0)
      return context.skip("no python3: apt-get install python3, or your system's own");
    const taken: { readonly file: Uint8Array; readonly ours: string }[] = [];
    const keep = (ours: string, file: Uint8Array) => void taken.push({ file: Uint8Array.from(file), ours });
    for (const file of seeds) keep(read(file), file);
    await fuzz(seeds, usual, 7, read, keep);
    const input = JSON.stringify(taken.map(({ file }) => [name, Buffer.from(file).toString("base64")]));
    const theirs = execFileSync("python3", [join(__dirname, "independent-readers.py")], {
      ...{ input, encoding: "utf8", maxBuffer: 2 ** 26 },
    }).split("\n");
    let compared = 0;
    for (const [index, { file, ours }] of taken.entries()) {
      if (theirs[index] === "not compared" || tolerated.test(theirs[index])) continue;
      compared++;
      assert.equal(theirs[index], ours, `case ${index}: ${Buffer.from(file).toString("base64").slice(0, 2000)}`);
    }
    context.diagnostic(`${name}: ${compared} of ${taken.length} files that are read compared`);
    assert.ok(compared > seeds.length, "too few are read to say anything");
  });
