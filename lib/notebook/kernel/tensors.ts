import type { CompiledCell } from "./compile-cell";

/** Whether a cell computes with the library's `tf`. */
export function usesTensors({ script }: Pick<CompiledCell, "script">): boolean {
  return /\bexports\.tf\b/.test(script);
}

/** Starts the fastest engine for the first cell that computes with tensors; does nothing where the cells have brought one of their own. */
export async function startTensors(): Promise<void> {
  const { engine } = require("@tensorflow/tfjs-core") as typeof import("@tensorflow/tfjs-core");
  if (Object.keys(engine().registryFactory).length > 0) return;
  const { startEngine } = require("../../engine") as typeof import("../../engine");
  await startEngine("auto");
}
