import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { Interrupted, WorkbenchError } from "../core/errors";
import { projectRoot } from "../records/paths";
import type { Facts, Repetition, Runner } from "./side";

interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs; the project's folder by default. */
  readonly folder?: string;
}

/**
 * Starts a process that speaks as `worker.ts` does: a line when it is ready, one for every repetition, one at the end.
 * @throws WorkbenchError with its last words when it ends too early, Interrupted when the signal is aborted
 */
export async function startChild({ program, args, env, folder }: ChildCommand, signal: AbortSignal): Promise<Runner> {
  const child = spawn(program, args, {
    cwd: folder ?? projectRoot,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const next = answersOf(child, program);
  const kill = () => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  const ask = async <Answer>(): Promise<Answer> => {
    try {
      return (await next()) as Answer;
    } catch (error) {
      if (signal.aborted) throw new Interrupted("the benchmark");
      throw error;
    }
  };
  return {
    facts: await ask<Facts>(),
    repeat(samples) {
      child.stdin.write(`${samples}\n`);
      return ask<Repetition>();
    },
    async end() {
      child.stdin.end();
      const last = await ask<{ peakMegabytes: number }>();
      signal.removeEventListener("abort", kill);
      return last;
    },
    kill,
  };
}

/** @returns what waits for the child's next answer; lines that are no JSON are messages of libraries */
function answersOf(child: ChildProcessWithoutNullStreams, program: string): () => Promise<unknown> {
  const answers: unknown[] = [];
  const words: string[] = [];
  let ended: string | undefined;
  let wake: () => void = () => undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) answers.push(JSON.parse(line));
    wake();
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    words.splice(0, words.length - 9);
    words.push(line);
  });
  const end = (how: string) => {
    ended ??= how;
    wake();
  };
  // Writing to a process that has just died fails; that it died is what is reported.
  child.stdin.on("error", () => undefined);
  child.on("error", (error) => end(error.message));
  child.on("close", (code, by) => end(by ?? `exit code ${code}`));
  return async () => {
    while (answers.length === 0) {
      if (ended)
        throw new WorkbenchError(
          `${basename(program)} ended too early (${ended})${words.length > 0 ? `: ${words.join(" | ")}` : ""}`,
          "measure this case alone with --only",
        );
      await new Promise<void>((resolve) => (wake = resolve));
    }
    return answers.shift();
  };
}
