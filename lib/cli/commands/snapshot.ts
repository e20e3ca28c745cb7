import { basename, join, dirname, relative, resolve } from "node:path";
import { printable } from "../../core/errors";
import { sha256 } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { readSnapshot, snapshotBytes } from "../../lab/jobs/snapshot-file";

/**
 * `iopfl snapshot <file>`: reads a PyTorch snapshot without executing it, checks every key and shape, converts it to safetensors.
 */
export function snapshot(file: string, { out, key }: { readonly out?: string; readonly key?: string }): void {
  const model = readSnapshot(resolve(file), file, key);
  const { shape, state, leftOut, startedAnew = [] } = model;
  const bytes = snapshotBytes(model);
  const target = resolve(
    out ?? join(dirname(file), `${basename(file).replace(/\.(pth|pt|pkl|tar|safetensors)$/i, "")}.safetensors`),
  );
  if (target !== resolve(file)) writeAtomic(target, bytes);
  const lines = [
    `${basename(file)}: U-Net of ${shape.features} features, ${shape.inChannels} channels in, ${shape.classes} classes; ` +
      `${state.layout.length} keys, ${state.values.length} numbers, every shape right`,
    ...(leftOut.length > 0 ? [`left out, not used to segment: ${leftOut.join(", ")}`] : []),
    ...(startedAnew.length > 0
      ? [`${startedAnew.length} counters of batches are not in the file; they begin at 0`]
      : []),
    `${relative(process.cwd(), target) || target}: ${bytes.length} bytes`,
    `sha256 ${sha256(bytes)}`,
  ];
  process.stdout.write(`${lines.map(printable).join("\n")}\n`);
}
