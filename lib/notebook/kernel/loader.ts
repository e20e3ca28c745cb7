import type * as TypeScript from "@tslab/typescript-for-tslab";
import { readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { createLoadingLine } from "./loading-line";
import { forgetMap, rememberMap } from "./source-maps";
import { createTranspiler, type Compiler } from "./transpile";

export interface Loader {
  readonly typescript: Compiler;
  /**
   * Forgets every loaded module of the project whose file has changed, and every module that depends on one, so that the next
   * `require` loads the present text. Modules that did not change keep their state.
   * @returns the files that had changed
   */
  refresh(): string[];
  /**
   * Forgets every module whose loading was broken off, and every module that depends on one: Node would hand them out half-made for ever.
   */
  forgetUnfinished(): void;
}

type LoadedModule = NodeJS.Module & { _compile(code: string, file: string): void };

/** Makes `require` compile `.ts` files (without checking types) and remember their source maps. */
export function installLoader(options: {
  typescript: Compiler;
  root: string;
  compilerOptions: TypeScript.CompilerOptions;
}): Loader {
  const { typescript, root } = options;
  const transpile = createTranspiler(
    typescript,
    { ...options.compilerOptions, sourceMap: true },
    join(root, ".workbench", "cache", "transpiled"),
  );
  const stamps = new Map<string, string>();

  const line = createLoadingLine();
  let depth = 0;
  const load = (module: NodeJS.Module, file: string): void => {
    depth++;
    try {
      line.file();
      stamps.set(file, stampOf(file));
      const { code, map } = transpile(relative(root, file), readFileSync(file, "utf8"));
      rememberMap(file, [map]);
      (module as LoadedModule)._compile(code, file);
    } finally {
      if (--depth === 0) line.done();
    }
  };
  require.extensions[".ts"] = load;
  const loadScript = require.extensions[".js"];
  require.extensions[".js"] = (module, file) => {
    if (file.startsWith(root + sep) && !file.includes(`${sep}node_modules${sep}`)) stamps.set(file, stampOf(file));
    loadScript(module, file);
  };

  const forget = (files: Iterable<string>): void => {
    for (const file of withDependents(new Set(files))) {
      delete require.cache[file];
      stamps.delete(file);
      forgetMap(file);
    }
  };
  return {
    typescript,
    refresh() {
      const changed = [...stamps].filter(([file, stamp]) => stampOf(file) !== stamp).map(([file]) => file);
      forget(changed);
      return changed;
    },
    forgetUnfinished() {
      const loaded = Object.entries(require.cache);
      forget(loaded.filter(([, module]) => module?.loaded === false).map(([file]) => file));
    },
  };
}

/** Adds every loaded module that requires one of `files`, directly or through others. */
function withDependents(files: Set<string>): Set<string> {
  let grown = files.size > 0;
  while (grown) {
    grown = false;
    for (const [file, module] of Object.entries(require.cache)) {
      if (files.has(file) || !module?.children.some((child) => files.has(child.filename))) continue;
      files.add(file);
      grown = true;
    }
  }
  return files;
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs}:${stats.size}` : "gone";
}
