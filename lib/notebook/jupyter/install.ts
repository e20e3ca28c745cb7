import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { workFolder } from "../../records/paths";
import { installKernelspec } from "../kernelspec";
import { lockedRequirements, venv, venvProgram, venvStarts } from "./paths";
import { probeJupyter } from "./probe";

export type JupyterInstall =
  { readonly installed: true } | { readonly installed: false; readonly reason: string; readonly hint: string };

/**
 * Puts JupyterLab and the kernelspec into the project's own folder; does nothing where all is there. An interrupted installation
 * is taken up again: pip keeps what it has. Everything else works without Python.
 */
export async function installJupyter({ log }: { log: (line: string) => void }): Promise<JupyterInstall> {
  installKernelspec();
  if (probeJupyter().installed) return { installed: true };
  const python = findPython();
  if (!python)
    return {
      installed: false,
      reason: "no Python 3.10 or newer",
      hint: "install python3 with venv and pip, then run npm run setup",
    };

  mkdirSync(workFolder, { recursive: true });
  if (!venvStarts()) {
    log("making a virtual environment in .workbench/venv");
    // What an interrupted attempt left behind, or what has lost its Python, is not trusted.
    rmSync(venv, { recursive: true, force: true });
    const made = await run(python, ["-m", "venv", venv], log);
    if (made !== 0) {
      rmSync(venv, { recursive: true, force: true });
      return {
        installed: false,
        reason: "python3 cannot make a virtual environment",
        hint: "install python3-venv, then run npm run setup",
      };
    }
  }
  log("installing JupyterLab (about 100 MB)");
  const code = await run(
    venvProgram("python"),
    [
      ...["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"],
      ...["--require-hashes", "-r", lockedRequirements],
    ],
    log,
  );
  const state = probeJupyter();
  if (code === 0 && state.installed) return { installed: true };
  return {
    installed: false,
    reason: `pip ended with exit code ${code} (${state.text})`,
    hint: "see its messages above, check the network, then run npm run setup",
  };
}

function findPython(): string | undefined {
  return ["python3", "python"].find((program) => {
    const { status } = spawnSync(program, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"], {
      stdio: "ignore",
    });
    return status === 0;
  });
}

/** Runs pip or venv and logs how far it is. @returns its exit code */
function run(program: string, args: readonly string[], log: (line: string) => void): Promise<number> {
  return new Promise((ended) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let found = 0;
    const tell = (line: string): void => {
      if (/^ERROR|^error/.test(line)) log(line.slice(0, 200));
      else if (/^Collecting/.test(line) && ++found % 20 === 0)
        log(`${found} packages found, the latest ${line.split(/[ =<>!;[]/)[1]}`);
      else if (/^Installing collected/.test(line)) log(`installing ${found} packages`);
    };
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach(tell);
      });
    }
    child.on("error", () => ended(-1));
    child.on("close", (code) => ended(code ?? -1));
  });
}
