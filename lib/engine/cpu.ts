import * as tf from "@tensorflow/tfjs-core";
import type { StartedEngine } from "./engine";
import { registerComposedKernels } from "./kernels/composed";

/** Starts the plain JavaScript back end: a thousand times slower than TensorFlow, for tests on tiny tensors only. */
export async function startCpu(): Promise<StartedEngine> {
  const { version_cpu: version } =
    require("@tensorflow/tfjs-backend-cpu") as typeof import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  await tf.ready();
  registerComposedKernels("cpu");
  return { name: "cpu", version: `tfjs-backend-cpu ${version}`, threads: 1, device: "CPU" };
}
