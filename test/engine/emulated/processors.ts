import { spawnSync } from "node:child_process";
import { canRun } from "../../../lib/engine/install/command";

export interface Processor {
  readonly name: string;
  /** Stands before the program: an emulator, or nothing for the processor of this machine. */
  readonly before: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** Models that qemu can emulate, of AVX2 each: an old one, one of another maker, and a current one. It has no AVX-512. */
const models = ["Haswell", "EPYC-Milan", "Icelake-Server"];

/** This machine, with the widest registers that it has and with AVX2, and the emulated models where there is qemu (Debian's qemu-user). */
export async function processors(): Promise<{ readonly found: Processor[]; readonly missing?: string }> {
  const own: Processor[] = [
    { name: "this processor", before: [] },
    { name: "this processor with AVX2", before: [], environment: { IOPFL_VECTORS: "avx2" } },
  ];
  if (!(await canRun("qemu-x86_64", ["--version"])))
    return { found: own, missing: "qemu-x86_64 was not found: apt-get install qemu-user" };
  const known = spawnSync("qemu-x86_64", ["-cpu", "help"], { encoding: "utf8" }).stdout;
  const offered = models.filter((model) => new RegExp(`\\b${model}\\b`).test(known));
  return {
    found: [...own, ...offered.map((model) => ({ name: model, before: ["qemu-x86_64", "-cpu", model] }))],
    missing: offered.length < models.length ? `this qemu knows ${offered.join(", ")} only` : undefined,
  };
}
