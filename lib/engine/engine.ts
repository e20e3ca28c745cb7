export const engineNames = ["tensorflow", "webgpu", "wasm", "cpu"] as const;
export type EngineName = (typeof engineNames)[number];
export type EngineChoice = EngineName | "auto";

/** A TensorFlow.js back end that was started: all tensors of the process live on it. */
export interface Engine {
  readonly name: EngineName;
  /** Of the back end and, where there is one, of the library behind it. */
  readonly version: string;
  /** How many threads compute; 1 wherever results should not depend on the machine's number of cores. */
  readonly threads: number;
  /** `CPU`, `GPU`, or the name of a WebGPU adapter. */
  readonly device: string;
  /** In one line: what was chosen, and why the ones before it were not. */
  readonly why: string;
}

export interface EngineOptions {
  /**
   * Threads inside one operation (TensorFlow only; default 1). More threads change the order of some sums, and with it the last bit:
   * jobs that run side by side use one thread each.
   */
  readonly threads?: number;
}

/** What one engine's starter reports. */
export type StartedEngine = Omit<Engine, "why">;
