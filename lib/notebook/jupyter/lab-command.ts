import { join } from "node:path";
import { projectRoot } from "../../lab/paths";
import { installKernelspec, jupyterFolder, kernelName } from "../kernelspec";
import { venvProgram } from "./paths";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where Jupyter finds and keeps everything: below .workbench, nothing in the home directory. */
export function jupyterEnvironment(): Record<string, string> {
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

/** JupyterLab on the notebooks with the kernel ready. The kernelspec is written anew, in case the project has moved. */
export function labCommand(): Command {
  installKernelspec();
  const settings = [
    `--ServerApp.root_dir=${projectRoot}`,
    "--LabApp.default_url=/lab/tree/notebooks",
    `--MultiKernelManager.default_kernel_name=${kernelName}`,
    "--KernelSpecManager.ensure_native_kernel=False",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  ];
  return { program: venvProgram("jupyter"), args: ["lab", ...settings], env: jupyterEnvironment() };
}

/** Any other command of Jupyter, with the same places: `jupyterCommand("nbconvert", "--to", "html", file)`. */
export function jupyterCommand(...args: string[]): Command {
  return { program: venvProgram("jupyter"), args, env: jupyterEnvironment() };
}
