import { join } from "node:path";
import { writeAtomic } from "../../io/atomic";
import { projectRoot } from "../../records/paths";
import { installKernelspec, jupyterFolder, kernelName } from "../kernelspec";
import { venvProgram } from "./paths";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where Jupyter finds and keeps everything: below .workbench, nothing in the home directory. */
export function jupyterEnvironment() {
  const inside = (name: string) => join(jupyterFolder, name);
  return {
    JUPYTER_PATH: jupyterFolder,
    JUPYTER_DATA_DIR: inside("data"),
    JUPYTER_CONFIG_DIR: inside("config"),
    JUPYTER_RUNTIME_DIR: inside("runtime"),
    JUPYTERLAB_SETTINGS_DIR: inside("settings"),
    JUPYTERLAB_WORKSPACES_DIR: inside("workspaces"),
    IPYTHONDIR: inside("ipython"),
    JUPYTER_PLATFORM_DIRS: "1",
  };
}

/** JupyterLab on the notebooks with the kernel ready. The kernelspec is written anew, in case the project has moved; nothing asks for news. */
export function labCommand(): Command {
  installKernelspec();
  const { JUPYTER_CONFIG_DIR: config } = jupyterEnvironment();
  const quiet = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };
  writeAtomic(join(config, "labconfig", "page_config.json"), `${JSON.stringify(quiet, null, 2)}\n`);
  const settings = [
    `--ServerApp.root_dir=${projectRoot}`,
    "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb",
    `--MultiKernelManager.default_kernel_name=${kernelName}`,
    "--KernelSpecManager.ensure_native_kernel=False",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    // The kernel completes by itself; looking for language servers runs npm, which writes into the home directory.
    "--LanguageServerManager.autodetect=False",
    // In a container everything runs as root, and JupyterLab would refuse to start.
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
  return jupyterCommand("jupyterlab", ...settings);
}

/**
 * Any program of Jupyter, with the same places: `jupyterCommand("nbconvert", "--to", "html", file)`. It runs as a module: the scripts of a
 * virtual environment hold the path at which it was made, and a clone that was moved or copied could not start them.
 */
export function jupyterCommand(module: string, ...args: string[]): Command {
  return { program: venvProgram("python"), args: ["-m", module, ...args], env: jupyterEnvironment() };
}
