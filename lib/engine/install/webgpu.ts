import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../../io/atomic";
import { runCommand } from "./command";
import { webgpuFolder } from "./places";

const version = "0.6.2";

/** The folder of Dawn for Node, where `installWebgpu` puts it. */
export const webgpuPackage = join(webgpuFolder, "node_modules", "webgpu");

/** @returns whether Dawn for Node is installed in the project folder. */
export function hasWebgpu(): boolean {
  return existsSync(join(webgpuPackage, "package.json"));
}

/**
 * Installs Dawn for Node (130 MB), which a machine with a Vulkan driver can use; it is no dependency of the project.
 * @throws WorkbenchError when npm fails
 */
export async function installWebgpu(log: (line: string) => void): Promise<void> {
  if (hasWebgpu()) return;
  log(`installing webgpu ${version}`);
  mkdirSync(webgpuFolder, { recursive: true });
  writeAtomic(join(webgpuFolder, "package.json"), JSON.stringify({ private: true }));
  const hint = "check the network, then try again";
  await runCommand(
    "npm",
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", webgpuFolder, `webgpu@${version}`],
    { hint },
  );
}
