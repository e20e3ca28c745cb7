import { basename, join, dirname, relative, resolve } from "node:path";
import { sha256 } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { readSnapshot, snapshotBytes } from "../../lab/jobs/snapshot-file";

/**
 * `iopfl snapshot <file>`: reads a PyTorch snapshot without executing it, checks every key and shape, converts it to safetensors.
 */
export function snapshot(file: string, { out }: { readonly out?: string }): void {
  const model = readSnapshot(resolve(file), file);
  const { shape, state, leftOut } = model;
  const bytes = snapshotBytes(model);
  const target = resolve(
    out ?? join(dirname(file), `${basename(file).replace(/\.(pth|pt|pkl|tar|safetensors)$/i, "")}.safetensors`),
  );
  if (target !== resolve(file)) writeAtomic(target, bytes);
  const lines = [
    `${basename(file)}: U-Net of ${shape.features} features, ${shape.inChannels} channels in, ${shape.classes} classes; ` +
      `${state.layout.length} keys, ${state.values.length} numbers, every shape right`,
    ...(leftOut.length > 0 ? [`left out, not used to segment: ${leftOut.join(", ")}`] : []),
    `${relative(process.cwd(), target) || target}: ${bytes.length} bytes`,
    `sha256 ${sha256(bytes)}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
