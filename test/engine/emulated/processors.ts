import { spawnSync } from "node:child_process";
import { canRun } from "../../../lib/engine/install/command";
import { armNode } from "./arm-node";

export interface Processor {
  readonly name: string;
  /** What the script is given to: Node, an emulator before it where the processor is not this machine's. */
  readonly command: readonly [string, ...string[]];
  readonly engine: "tensorflow" | "wasm";
  readonly environment?: NodeJS.ProcessEnv;
}

export interface Processors {
  readonly found: readonly Processor[];
  /** Why others are left out, a line each. */
  readonly missing: readonly string[];
}

/** Models that qemu can emulate, of AVX2 each: an old one, one of another maker, and a current one. It has no AVX-512. */
const models = ["Haswell", "EPYC-Milan", "Icelake-Server"];

/** This machine with the widest registers that it has and with AVX2, and as WebAssembly. */
export const ownProcessors: readonly Processor[] = [
  { name: "this processor", command: [process.execPath], engine: "tensorflow" },
  {
    name: "this processor with AVX2",
    command: [process.execPath],
    engine: "tensorflow",
    environment: { IOPFL_VECTORS: "avx2" },
  },
  { name: "this processor, WebAssembly", command: [process.execPath], engine: "wasm" },
];

/** The models where there is qemu (Debian's qemu-user). */
export async function emulatedModels(): Promise<Processors> {
  if (!(await canRun("qemu-x86_64", ["--version"])))
    return { found: [], missing: ["x86-64: qemu-x86_64 was not found: apt-get install qemu-user"] };
  const known = spawnSync("qemu-x86_64", ["-cpu", "help"], { encoding: "utf8" }).stdout;
  const offered = models.filter((model) => new RegExp(`\\b${model}\\b`).test(known));
  return {
    found: offered.map((model) => ({
      name: model,
      command: ["qemu-x86_64", "-cpu", model, process.execPath],
      engine: "tensorflow",
    })),
    missing: offered.length < models.length ? [`x86-64: this qemu knows ${offered.join(", ")} only`] : [],
  };
}

/** Another architecture: what Macs and Arm servers compute, as far as an emulator shows. */
export async function emulatedArm(): Promise<Processors> {
  const { command, why } = await armNode();
  if (!command) return { found: [], missing: [`arm64: ${why}`] };
  return { found: [{ name: "arm64, WebAssembly", command, engine: "wasm" }], missing: [] };
}
