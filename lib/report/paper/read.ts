import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { readConfig } from "../../io/config";
import { configFolder } from "../../records/paths";
import { paperTableSchema, type PaperTable } from "./schema";

/** A table of the paper and the file that holds it, as people call it: `configs/paper/table-inside-prostate.yaml`. */
export interface PaperFile {
  readonly file: string;
  readonly path: string;
  readonly table: PaperTable;
}

/** Tables of the paper lie beside its claims: `configs/paper/table-<id>.yaml`. */
const named = /^table-(.+)\.yaml$/;

/**
 * Reads every table of the paper; none where there is no folder.
 * @throws WorkbenchError naming the file, the line and the value that is not as it should be
 */
export function readPaperTables(folder = join(configFolder, "paper")): PaperFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, id] = named.exec(name) ?? [];
      if (id === undefined) return [];
      const [file, path] = [`configs/paper/${name}`, join(folder, name)];
      const table = readConfig(path, paperTableSchema, file);
      if (table.id === id) return [{ file, path, table }];
      throw new WorkbenchError(`${file}: id: "${table.id}" is not the name of the file`, `write id: ${id}`);
    });
}
