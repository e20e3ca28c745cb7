import { spawn } from "node:child_process";
import { WorkbenchError } from "../../core/errors";
import { projectRoot } from "../../core/project-root";

export interface CommandOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Stops the command after this many seconds. */
  readonly seconds?: number;
  /** What the user can do when it fails. */
  readonly hint: string;
}

/**
 * Runs a program in the project folder.
 * @returns what it wrote to standard output
 * @throws WorkbenchError with the last line it wrote to standard error, when it is missing, fails or takes too long
 */
export function runCommand(program: string, parameters: readonly string[], options: CommandOptions): Promise<string> {
  const { environment = {}, seconds = 1800, hint } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      cwd: projectRoot,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // The option of spawn would keep the process alive for a program that was never found.
    const limit = setTimeout(() => child.kill(), seconds * 1000);
    let output = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      reject(
        new WorkbenchError(
          error.code === "ENOENT" ? `${program} was not found` : `${program} did not start (${error.message})`,
          hint,
        ),
      );
    });
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      if (code === 0) return resolve(output);
      const said = complaints.trim().split("\n").at(-1) ?? "";
      reject(
        new WorkbenchError(
          `${program} ${signal ? `was stopped (${signal})` : `failed (${code})`}${said ? `: ${said}` : ""}`,
          hint,
        ),
      );
    });
  });
}

/** @returns whether a program can be started. */
export async function canRun(program: string, parameters: readonly string[]): Promise<boolean> {
  try {
    await runCommand(program, parameters, { hint: "", seconds: 60 });
    return true;
  } catch (error) {
    if (error instanceof WorkbenchError) return false;
    throw error;
  }
}
