import { posix } from "node:path";
import type { Sources } from "../../records/sources";

/** What loads another module of the project when a module runs: types load nothing, and packages are counted elsewhere. */
const loading = [
  /\b(?:import|export)\s+(?!type\b)[^;"']*?\bfrom\s+["'](\.[^"']+)["']/g,
  /\bimport\s+["'](\.[^"']+)["']/g,
  /\b(?:import|require)\(\s*["'](\.[^"']+)["']\s*\)/g,
];

/**
 * @param enter says which modules are looked into; the others are left out with all that only they import
 * @returns the entries and every module of the project that they load, directly or not, sorted
 */
export function importClosure(
  sources: Sources,
  entries: readonly string[],
  enter: (path: string) => boolean = () => true,
): string[] {
  const found = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = sources.read(path);
    if (found.has(path) || text === undefined) continue;
    found.add(path);
    for (const pattern of loading) {
      for (const [, target] of text.matchAll(pattern)) {
        const module = resolveModule(sources, posix.join(posix.dirname(path), target));
        if (module !== undefined && enter(module)) waiting.push(module);
      }
    }
  }
  return [...found].sort();
}

function resolveModule(sources: Sources, path: string): string | undefined {
  return [path, `${path}.ts`, `${path}/index.ts`].find(
    (candidate) => /\.\w+$/.test(candidate) && sources.read(candidate) !== undefined,
  );
}
