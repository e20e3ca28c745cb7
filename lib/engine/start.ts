import * as tf from "@tensorflow/tfjs-core";
// The types of `tensor.reshape(...)` and its like, which the union package adds below; of all its types these alone are asked for.
import type {} from "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import { WorkbenchError } from "../core/errors";
import { startCpu } from "./cpu";
import {
  engineNames,
  type Engine,
  type EngineChoice,
  type EngineName,
  type EngineOptions,
  type StartedEngine,
} from "./engine";
import { startTensorflow } from "./tensorflow";
import { startWasm } from "./wasm";
import { startWebgpu } from "./webgpu";

const starters: Readonly<Record<EngineName, (options: EngineOptions) => Promise<StartedEngine>>> = {
  tensorflow: startTensorflow,
  webgpu: startWebgpu,
  wasm: startWasm,
  cpu: startCpu,
};
/** What `auto` tries, fastest first. */
const preference: readonly EngineName[] = ["tensorflow", "webgpu", "wasm"];

const started = new Map<EngineName, StartedEngine>();

/**
 * Starts a TensorFlow.js back end and makes it the current one; nothing of TensorFlow is loaded before.
 * @param choice an engine, or `auto` for the first of tensorflow, webgpu and wasm that works on this machine
 * @throws WorkbenchError when the engine is unknown or cannot start here
 */
export async function startEngine(choice: EngineChoice, options: EngineOptions = {}): Promise<Engine> {
  if (choice !== "auto" && !engineNames.includes(choice)) {
    throw new WorkbenchError(`unknown engine "${String(choice)}"`, `use one of auto, ${engineNames.join(", ")}`);
  }
  const { threads = 1 } = options;
  if (!Number.isInteger(threads) || threads < 1)
    throw new WorkbenchError(`the number of threads is ${threads}`, "use a whole number from 1");
  if (choice !== "auto") return { ...(await start(choice, options)), why: `${choice} was asked for` };

  const refusals: string[] = [];
  for (const name of preference) {
    try {
      const engine = await start(name, options);
      const why =
        refusals.length === 0
          ? `${name} is the fastest engine and works here`
          : `${name}, because ${refusals.join("; ")}`;
      return { ...engine, why };
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      refusals.push(error.problem);
    }
  }
  throw new WorkbenchError(`no engine works here: ${refusals.join("; ")}`, "run npm ci and npm run setup");
}

async function start(name: EngineName, options: EngineOptions): Promise<StartedEngine> {
  const running = started.get(name);
  if (running) {
    await tf.setBackend(name);
    return running;
  }
  // Production mode leaves out numeric checks and the banner; the union package registers the gradients of all operations. It is asked for in
  // the way of CommonJS, here and in the starters: `import()` would first look through its megabytes for names, a quarter of a second.
  tf.enableProdMode();
  require("@tensorflow/tfjs");
  const engine = await starters[name](options);
  started.set(name, engine);
  return engine;
}
