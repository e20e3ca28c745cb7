import { createRequire, isBuiltin } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeFitStoppable } from "./stoppable-fit";

/** `require` as cells see it: relative to the notebook, and able to load packages that exist as ES modules only. */
export interface CellRequire {
  require(id: string): unknown;
  /** Loads what only an asynchronous import can load. */
  preload(ids: Iterable<string>): Promise<void>;
}

export function createCellRequire(cellFolder: string): CellRequire {
  const require = createRequire(join(cellFolder, "cell.js"));
  const namespaces = new Map<string, unknown>();
  return {
    require: Object.assign(
      (id: string): unknown => {
        const module = namespaces.get(id) ?? require(id);
        makeFitStoppable(module);
        return module;
      },
      { resolve: require.resolve, cache: require.cache },
    ),
    async preload(ids) {
      for (const id of ids) {
        if (id.startsWith(".") || isBuiltin(id) || namespaces.has(id)) continue;
        try {
          require(id);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === "ERR_REQUIRE_ASYNC_MODULE" || code === "ERR_REQUIRE_ESM") {
            namespaces.set(id, await import(pathToFileURL(require.resolve(id)).href));
          } else if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") {
            namespaces.set(id, await import(id)); // exported to `import` only: found from here, as from any place of the project
          }
        }
      }
    },
  };
}
