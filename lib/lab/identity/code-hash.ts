import { hashOf } from "../../core/hash";
import type { EngineName } from "../../engine";
import { projectSources, type Sources } from "../../records/sources";
import { openEmittedCache } from "./emitted-cache";
import { createModuleHasher, type ModuleHasher } from "./module-hash";

export type MethodKind = "train" | "adapt";

/** What runs a job of each kind; everything that these load can change its numbers. */
const entries = {
  train: ["lib/lab/jobs/run-federation.ts", "lib/lab/jobs/job-parts.ts"],
  adapt: ["lib/lab/jobs/run-adaptation.ts", "lib/lab/jobs/job-parts.ts"],
} as const;

const starters: Readonly<Record<EngineName, string>> = {
  tensorflow: "lib/engine/tensorflow.ts",
  webgpu: "lib/engine/webgpu.ts",
  wasm: "lib/engine/wasm.ts",
  cpu: "lib/engine/cpu.ts",
};

/** Rooms that numbers depend on. The registry only knows every method; of the engine, the installer computes nothing. */
const numeric = /^lib\/(core|io|engine|data|nets|metrics|federation|methods)\//;
const left = new Set(["lib/methods/registry.ts", ...Object.values(starters)]);
const enters = (path: string) => numeric.test(path) && !left.has(path) && !path.startsWith("lib/engine/install/");

export interface CodeHasher {
  /** @returns the version of all code that a job with this method depends on, its data apart: they have a hash of their own */
  of(kind: MethodKind, method: string, engine: EngineName): string;
  /** @returns the files of that code, sorted */
  files(kind: MethodKind, method: string, engine: EngineName): string[];
  /** Lets the next process know what was parsed here. */
  save(): void;
}

/**
 * Versions of code, as fine as the imports, by what the compiler leaves of it: an edit of one method's file changes the hash of the jobs that
 * run it and of no others; a comment, a type, another layout or another place changes none. What all jobs share is hashed once, so ask one
 * hasher for all jobs of a plan, and a new one for the next plan.
 */
export function createCodeHasher(sources: Sources = projectSources()): CodeHasher {
  const cache = openEmittedCache();
  const modules: ModuleHasher = createModuleHasher({ sources, emitted: (text) => cache.of(text), enter: enters });
  const known = new Map<string, string>();
  const roots = (kind: MethodKind, method: string, engine: EngineName) => [
    ...entries[kind],
    "lib/engine/start.ts",
    starters[engine],
    ...methodFiles(sources, kind, method),
  ];
  return {
    of(kind, method, engine) {
      const key = `${kind}/${engine}/${method}`;
      const hash = known.get(key) ?? hashOf(roots(kind, method, engine).map(modules.of)).slice(0, 16);
      known.set(key, hash);
      return hash;
    },
    save: () => cache.save(),
    files: (kind, method, engine) => [...new Set(roots(kind, method, engine).flatMap(modules.closure))].sort(),
  };
}

/** The files that define a method; all of its kind when that is not to be seen, which reruns too much but never too little. */
function methodFiles(sources: Sources, kind: MethodKind, method: string): string[] {
  const all = sources.list(`lib/methods/${kind}`).filter((path) => path.endsWith(".ts"));
  const defining = all.filter((path) => sources.read(path)?.includes(`id: "${method}"`));
  return defining.length > 0 ? defining : all;
}
