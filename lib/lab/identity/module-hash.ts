import { posix } from "node:path";
import { hashOf } from "../../core/hash";
import type { Sources } from "../../records/sources";

/** What of a module reaches the processor. */
export interface Emitted {
  /** Of its code without types, comments, layout, and without what it says when it fails; modules that it imports count by their place. */
  readonly hash: string;
  /** The modules of the project that it loads, as it names them, in the order of their places in the code. */
  readonly imports: readonly string[];
}

export interface ModuleHasher {
  /** @returns a hash of what a module and all that it loads of the project compute, wherever their files lie */
  of(path: string): string;
  /** @returns the module and every module that it loads of the project, directly or not, sorted */
  closure(path: string): string[];
}

interface HasherOptions {
  readonly sources: Sources;
  readonly emitted: (text: string) => Emitted;
  /** Which modules are looked into; of the others it counts only that something is loaded. */
  readonly enter: (path: string) => boolean;
}

export function createModuleHasher({ sources, emitted, enter }: HasherOptions): ModuleHasher {
  const hashes = new Map<string, string>();
  /** By module the modules that it loads, in order; undefined where one is not looked into. */
  const loads = new Map<string, readonly (string | undefined)[]>();
  const under: string[] = [];
  const of = (path: string): string => {
    const known = hashes.get(path);
    if (known !== undefined) return known;
    // The arrow rule allows no circle; where there is one all the same, its modules count by what each of them is.
    if (under.includes(path)) return "circle";
    under.push(path);
    const { hash, imports } = emitted(sources.read(path) ?? "");
    const targets = imports.map((name) => {
      const target = resolveModule(sources, posix.join(posix.dirname(path), name));
      return target !== undefined && enter(target) ? target : undefined;
    });
    loads.set(path, targets);
    const whole = hashOf([hash, ...targets.map((target) => (target === undefined ? null : of(target)))]);
    under.pop();
    hashes.set(path, whole);
    return whole;
  };
  const closure = (path: string): string[] => {
    const found = new Set<string>();
    const waiting = [path];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      of(next);
      waiting.push(...(loads.get(next) ?? []).flatMap((target) => target ?? []));
    }
    return [...found].sort();
  };
  return { of, closure };
}

function resolveModule(sources: Sources, path: string): string | undefined {
  return [path, `${path}.ts`, `${path}/index.ts`].find(
    (candidate) => /\.\w+$/.test(candidate) && sources.read(candidate) !== undefined,
  );
}
