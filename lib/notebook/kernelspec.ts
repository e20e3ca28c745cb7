import { join, relative, resolve } from "node:path";
import { writeAtomic } from "../io/atomic";
import { workFolder } from "../records/paths";

const launcher = resolve(__dirname, "kernel", "launch.cjs");

export const kernelName = "iop-fl";
/** What goes into JUPYTER_PATH. */
export const jupyterFolder = join(workFolder, "jupyter");

/**
 * Writes the kernelspec below `folder`, which then belongs into JUPYTER_PATH. The launcher is named relative to the spec, so that
 * the project can be moved; Jupyter and VS Code (since February 2025) put the spec's own folder in place of `{resource_dir}`.
 * @returns the folder of the kernelspec
 */
export function installKernelspec(folder = jupyterFolder): string {
  const place = join(folder, "kernels", kernelName);
  const path = relative(place, launcher).replaceAll("\\", "/");
  const spec = {
    argv: ["node", `{resource_dir}/${path}`, "{connection_file}"],
    display_name: "TypeScript (IOP-FL Workbench)",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { debugger: false },
  };
  writeAtomic(join(place, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return place;
}
