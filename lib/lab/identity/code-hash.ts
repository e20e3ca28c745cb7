import { sha256 } from "../../core/hash";
import { importClosure } from "./import-closure";
import { projectSources, type Sources } from "../../records/sources";

export type MethodKind = "train" | "adapt";

/** What runs a job of each kind; everything that these load can change its numbers. */
const entries = {
  train: ["lib/lab/jobs/run-federation.ts", "lib/lab/jobs/job-parts.ts"],
  adapt: ["lib/lab/jobs/run-adaptation.ts", "lib/lab/jobs/job-parts.ts"],
} as const;

/** Rooms that numbers depend on. The registry only knows every method; of the engine, the installer computes nothing. */
const numeric = /^lib\/(core|io|engine|data|nets|metrics|federation|methods)\//;
const enters = (path: string) =>
  numeric.test(path) && path !== "lib/methods/registry.ts" && !path.startsWith("lib/engine/install/");

export interface CodeHasher {
  /** @returns the version of all code that a job with this method depends on, its data apart: they have a hash of their own */
  of(kind: MethodKind, method: string): string;
}

/**
 * Versions of code, as fine as the imports: editing one method's file changes the hash of the jobs that run it and of no others. What
 * all jobs share is hashed once, so ask one hasher for all jobs of a plan, and a new one for the next plan.
 */
export function createCodeHasher(sources: Sources = projectSources()): CodeHasher {
  const fileHash = remember((path: string) => `${path} ${sha256(sources.read(path) ?? "")}`);
  const shared = remember((kind: MethodKind) => importClosure(sources, [...entries[kind], ...engine(sources)], enters));
  const packages = remember(() => tensorPackages(sources.read("package.json") ?? "{}"));
  const hash = remember((key: string) => {
    const [kind, method] = key.split("/", 2) as [MethodKind, string];
    const files = new Set([...shared(kind), ...importClosure(sources, methodFiles(sources, kind, method), enters)]);
    return sha256([packages(""), ...[...files].sort().map(fileHash)].join("\n")).slice(0, 16);
  });
  return { of: (kind, method) => hash(`${kind}/${method}`) };
}

const engine = (sources: Sources) => sources.list("lib/engine").filter((path) => path.endsWith(".ts") && enters(path));

/** The files that define a method; all of its kind when that is not to be seen, which reruns too much but never too little. */
function methodFiles(sources: Sources, kind: MethodKind, method: string): string[] {
  const all = sources.list(`lib/methods/${kind}`).filter((path) => path.endsWith(".ts"));
  const defining = all.filter((path) => sources.read(path)?.includes(`id: "${method}"`));
  return defining.length > 0 ? defining : all;
}

/** The pinned versions of the libraries that compute. */
function tensorPackages(packageJson: string): string {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(packageJson) as Record<
    string,
    Record<string, string> | undefined
  >;
  const pins = Object.entries({ ...dependencies, ...optionalDependencies }).filter(([name]) =>
    name.startsWith("@tensorflow/"),
  );
  return pins
    .map(([name, version]) => `${name}@${version}`)
    .sort()
    .join(" ");
}

function remember<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.has(key) ? (known.get(key) as Value) : compute(key);
    known.set(key, value);
    return value;
  };
}
