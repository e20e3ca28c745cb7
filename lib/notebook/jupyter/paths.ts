import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { workFolder } from "../../records/paths";

export const venv = join(workFolder, "venv");
export const requirements = join(__dirname, "requirements.txt");

/** @returns a program of the virtual environment. */
export function venvProgram(name: string): string {
  return process.platform === "win32" ? join(venv, "Scripts", `${name}.exe`) : join(venv, "bin", name);
}

export function venvExists(): boolean {
  return existsSync(venvProgram("python"));
}

/** Its Python is a link to the system's, which may have been removed or replaced since. */
export function venvStarts(): boolean {
  return venvExists() && spawnSync(venvProgram("python"), ["-c", ""]).status === 0;
}
