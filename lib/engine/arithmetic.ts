import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../core/project-root";
import type { EngineName } from "./engine";
import { compiledKey } from "./install/addon";
import { probeTensorflow } from "./install/probe";
import { webgpuPackage } from "./install/webgpu";

/**
 * Names everything besides the project's TypeScript that decides the bytes which an engine computes on this machine: equal names, equal
 * bytes. Loads nothing.
 */
export function arithmeticOf(engine: EngineName): string {
  return [library("tfjs-core"), ...parts[engine]()].join(", ");
}

const parts: Readonly<Record<EngineName, () => string[]>> = {
  // WebAssembly prescribes every result, on every processor: configs/verify/README.md.
  wasm: () => [library("tfjs-backend-wasm")],
  cpu: () => [library("tfjs-backend-cpu")],
  // The adapter is known when it has been started: the record's provenance has it.
  webgpu: () => [library("tfjs-backend-webgpu"), `Dawn ${versionOf(webgpuPackage)}`],
  tensorflow() {
    const { addon, library: wheel = "no wheel" } = probeTensorflow();
    const made = addon === "compiled" ? `addon ${compiledKey()?.slice(0, 16)}` : `${addon} addon`;
    return [library("tfjs-node-gpu"), wheel, made, instructions(addon === "compiled")];
  },
};

/**
 * Our own loops give the same bytes on every x86-64 processor with AVX2. Without them TensorFlow's own compute, which choose by processor:
 * they count as another arithmetic on each.
 */
function instructions(compiled: boolean): string {
  const flags = /^flags\s*:(.*)$/m.exec(readIfThere("/proc/cpuinfo"))?.[1].split(" ") ?? [];
  const ours = compiled && process.env.IOPFL_VECTORS !== "none" && flags.includes("avx2") && flags.includes("fma");
  return ours ? "x86-64 with AVX2" : `${process.arch}, ${cpus()[0]?.model.trim() ?? "unknown processor"}`;
}

const library = (name: string) => `${name} ${versionOf(join(projectRoot, "node_modules", "@tensorflow", name))}`;

function versionOf(folder: string): string {
  const text = readIfThere(join(folder, "package.json"));
  return text === "" ? "missing" : (JSON.parse(text) as { version: string }).version;
}

const readIfThere = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
