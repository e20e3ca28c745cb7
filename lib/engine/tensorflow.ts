import * as tf from "@tensorflow/tfjs-core";
import util from "node:util";
import { WorkbenchError } from "../core/errors";
import type { EngineOptions, StartedEngine } from "./engine";
import { probeTensorflow } from "./install/probe";
import { registerTensorflowKernels } from "./kernels/tensorflow";
import { recordedProgram } from "./kernels/tensorflow/program";
import { programRecorders } from "./program-recorders";

/**
 * Starts libtensorflow through tfjs-node-gpu (whose JavaScript serves the CPU library as well). The number of threads is fixed by
 * the first call of a process.
 * @throws WorkbenchError when it is not installed or does not load
 */
export async function startTensorflow({ threads = 1 }: EngineOptions): Promise<StartedEngine> {
  const hint = "run npm run setup, or choose the engine wasm";
  if (!probeTensorflow().installed) throw new WorkbenchError("the TensorFlow engine is not installed", hint);
  // Read by the library when it is loaded. oneDNN is off by default on processors without AVX-512 and is worth a factor of 1.6.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= "1";
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads);
  // Operations that do not need each other run at once: of the routing step, whose samples have kernels of their own, two threads take
  // 0.7 of the time that they take one operation after the other; training steps take the same.
  process.env.TF_NUM_INTEROP_THREADS ??= String(threads);
  let binding: { version: { "tfjs-node": string } };
  try {
    binding = loadQuietly();
  } catch (error) {
    throw new WorkbenchError(`TensorFlow does not load (${(error as Error).message.split("\n")[0]})`, hint);
  }
  await tf.setBackend("tensorflow");
  await tf.ready();
  const backend = tf.backend() as tf.KernelBackend & {
    readonly isUsingGpuDevice: boolean;
    readonly binding: { TF_Version: string };
  };
  registerTensorflowKernels();
  programRecorders.set("tensorflow", recordedProgram);
  return {
    name: "tensorflow",
    version: `tfjs-node ${binding.version["tfjs-node"]}, libtensorflow ${backend.binding.TF_Version}`,
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS),
    device: backend.isUsingGpuDevice ? "GPU" : "CPU",
  };
}

/** tfjs-node 4.22 calls two functions that Node 23 removed, and is deprecated in ways no user of the workbench can mend. */
function loadQuietly(): { version: { "tfjs-node": string } } {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return require("@tensorflow/tfjs-node-gpu") as { version: { "tfjs-node": string } };
  } finally {
    process.noDeprecation = noDeprecation;
  }
}
