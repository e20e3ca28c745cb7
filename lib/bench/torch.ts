import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { workFolder } from "../records/paths";
import { startChild } from "./child-side";
import { writeInput } from "./inputs";
import type { Runner } from "./side";
import type { Task } from "./task";

export interface Torch {
  readonly python: string;
  readonly version: string;
}

/** @param python what `--python` says; else IOPFL_PYTHON or python3 @returns `undefined` when it cannot import torch, and why */
export function findTorch(python?: string): { readonly torch?: Torch; readonly why: string } {
  const program = python ?? process.env.IOPFL_PYTHON ?? "python3";
  const { status, stdout, stderr, error } = spawnSync(program, ["-c", "import torch; print(torch.__version__)"], {
    encoding: "utf8",
  });
  if (status === 0) return { torch: { python: program, version: stdout.trim() }, why: `torch ${stdout.trim()}` };
  const said = error?.message ?? stderr.trim().split("\n").pop() ?? "";
  return {
    why: `no torch: ${program} says ${said || `exit code ${status}`}; ratios are left out (--python names another Python)`,
  };
}

export interface TorchOptions {
  readonly channelsLast: boolean;
  readonly device: "cpu" | "auto";
  /** Whether convolutions on an NVIDIA card may round their factors to ten bits, as PyTorch does unless told otherwise. */
  readonly tf32: boolean;
}

/** Starts PyTorch's side of a task. @param input a file of `writeInput`; without it one is written for the task */
export function startTorch(
  { python }: Torch,
  task: Task,
  options: TorchOptions,
  signal: AbortSignal,
  input = inputFor(task),
): Promise<Runner> {
  const spec = JSON.stringify({ ...task, ...options, input });
  return startChild(
    { program: python, args: [join(__dirname, "torch", "worker.py"), spec], env: { PYTHONDONTWRITEBYTECODE: "1" } },
    signal,
  );
}

/** Models and images of a task, written once. */
function inputFor(task: Task): string {
  const { task: kind, batch, side, features, experts, train, validation, test } = task;
  const name = createHash("sha256")
    .update(JSON.stringify([kind, batch, side, features, experts, train, validation, test]))
    .digest("hex");
  const folder = join(workFolder, "bench", "inputs");
  const path = join(folder, `${name.slice(0, 12)}.safetensors`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(path)) writeInput(path, task);
  return path;
}
