import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { printable, WorkbenchError } from "../core/errors";
import { writeAtomic } from "./atomic";
import { readWhole } from "./byte-source";
import { readSafeTensors, writeSafeTensors, type SafeTensors, type StoredTensor } from "./safetensors";

/**
 * Writes tensors that can be made again, with a checksum of their content: a file that was named by what it is made of does not
 * prove that it still holds it.
 */
export function writeSealed(
  path: string,
  tensors: readonly (readonly [string, StoredTensor])[],
  metadata: Readonly<Record<string, string>> = {},
): void {
  writeAtomic(path, writeSafeTensors(tensors, { ...metadata, seal: sealOf(tensors, metadata) }));
}

/**
 * Reads what `writeSealed` wrote. A file that is damaged, that nobody sealed, or that is no file, is removed and named in one line, so
 * that it is made again.
 * @param what how the line calls it @param say takes the line (default: stderr)
 * @returns nothing where there is no file, or no whole one
 */
export function readSealed(
  path: string,
  what: string,
  say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): SafeTensors | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { tensors, metadata } = readSafeTensors(readWhole(path, path), path);
    const { seal, ...rest } = metadata;
    if (seal === sealOf([...tensors], rest)) return { tensors, metadata: rest };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
  }
  rmSync(path, { recursive: true, force: true });
  say(printable(`${what} was damaged on the disk (${path}); it is made again`));
  return undefined;
}

/** SHA-256 over names, types, shapes, values and metadata, in their order. */
function sealOf(
  tensors: readonly (readonly [string, StoredTensor])[],
  metadata: Readonly<Record<string, string>>,
): string {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(metadata)));
  for (const [name, { type, shape, data }] of tensors)
    hash
      .update(JSON.stringify([name, type, shape]))
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex");
}
