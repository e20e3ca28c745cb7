import { readFileSync } from "node:fs";
import { sha256 } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { notebookText, readNotebook, sourceOf, toLines, type Cell, type Notebook } from "./notebook-file";

const kernelspec = { display_name: "TypeScript (IOP-FL Workbench)", language: "typescript", name: "iop-fl" };

/** What a committed notebook looks like: no outputs, no counts, an id for every cell that does not change, sources as lines. */
function cleaned(notebook: Notebook): Notebook {
  const used = new Set<string>();
  const cells = notebook.cells.map((cell, index): Cell => {
    const source = toLines(sourceOf(cell));
    const tags = cell.metadata.tags;
    const id = cell.id && !used.has(cell.id) ? cell.id : sha256(`${index}/${source.join("")}`).slice(0, 8);
    used.add(id);
    const common = { cell_type: cell.cell_type, id, metadata: tags && tags.length > 0 ? { tags } : {} };
    return cell.cell_type === "code"
      ? { ...common, source, execution_count: null, outputs: [] }
      : { ...common, source };
  });
  return { cells, metadata: { kernelspec, language_info: { name: "typescript" } }, nbformat: 4, nbformat_minor: 5 };
}

/** Cleans a notebook in place. @returns whether anything had to change */
export function cleanNotebook(path: string): boolean {
  if (isClean(path)) return false;
  writeAtomic(path, notebookText(cleaned(readNotebook(path))));
  return true;
}

/** Whether a notebook is as it should be committed. */
export function isClean(path: string): boolean {
  return readFileSync(path, "utf8") === notebookText(cleaned(readNotebook(path)));
}
