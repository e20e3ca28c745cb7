import { spawn } from "node:child_process";
import { WorkbenchError } from "../../core/errors";
import { projectRoot } from "../../records/paths";
import { labCommand } from "../../notebook/jupyter/lab-command";
import { probeJupyter } from "../../notebook/jupyter/probe";

/** `npm run lab` */
export async function lab({ browser }: { readonly browser: boolean }): Promise<void> {
  const { installed, text } = probeJupyter();
  if (!installed)
    throw new WorkbenchError(`JupyterLab is not ready: ${text}`, "run npm run setup (it needs Python 3 with venv)");
  const { program, args, env } = labCommand();
  const child = spawn(program, [...args, ...(browser ? [] : ["--no-browser"])], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  process.on("SIGINT", () => undefined); // Ctrl-C is for JupyterLab, which asks before it stops
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  if (code) throw new WorkbenchError(`JupyterLab ended with exit code ${code}`, "see its messages above");
}
