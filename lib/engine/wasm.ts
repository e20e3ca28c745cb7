import * as tf from "@tensorflow/tfjs-core";
import type { StartedEngine } from "./engine";
import { registerWasmKernels } from "./kernels/wasm";

/** Starts the WebAssembly back end on one thread: needs nothing but Node, and computes the same bytes on every machine. */
export async function startWasm(): Promise<StartedEngine> {
  const { version_wasm: version } =
    require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  await tf.ready();
  registerWasmKernels();
  return { name: "wasm", version: `tfjs-backend-wasm ${version}`, threads: 1, device: "CPU" };
}
