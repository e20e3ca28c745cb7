import { readFileSync } from "node:fs";
import { WorkbenchError } from "../../core/errors";
import { writeAtomic } from "../../io/atomic";

/** nbformat 4.5, as far as the workbench reads and writes it: https://nbformat.readthedocs.io */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

export interface Cell {
  id?: string;
  readonly cell_type: "code" | "markdown" | "raw";
  metadata: Readonly<Record<string, unknown>> & { readonly tags?: readonly string[] };
  source: string | string[];
  outputs?: Output[];
  execution_count?: number | null;
}

export type Output = Record<string, unknown> & {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
};

/** @throws WorkbenchError when the file is missing or is no notebook of nbformat 4 */
export function readNotebook(path: string): Notebook {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new WorkbenchError(
      missing ? `no notebook ${path}` : `${path} is not JSON: ${(error as Error).message.replace(/\s+/g, " ")}`,
      "give the path of an .ipynb file",
    );
  }
  const { cells, nbformat } = (content ?? {}) as Partial<Notebook>;
  if (nbformat !== 4 || !Array.isArray(cells))
    throw new WorkbenchError(`${path} is no notebook of format 4`, "open and save it in JupyterLab");
  const odd = cells.findIndex((cell) => !isCell(cell));
  if (odd >= 0)
    throw new WorkbenchError(`${path}: cell ${odd + 1} is not one of format 4`, "open and save it in JupyterLab");
  return content as Notebook;
}

/** Whether a cell has the fields that the workbench touches, as nbformat 4 wants them. */
function isCell(cell: unknown): cell is Cell {
  const { cell_type: type, metadata, source, outputs } = (cell ?? {}) as Partial<Record<keyof Cell, unknown>>;
  const texts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string");
  const isObject = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!["code", "markdown", "raw"].includes(type as string) || !isObject(metadata)) return false;
  if ("tags" in metadata && !texts(metadata.tags)) return false;
  if (typeof source !== "string" && !texts(source)) return false;
  return (
    type !== "code" ||
    outputs === undefined ||
    (Array.isArray(outputs) && outputs.every((output) => isObject(output) && "output_type" in output))
  );
}

/** Writes a notebook as Jupyter does: one space of indent, a newline at the end. */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeAtomic(path, notebookText(notebook));
}

export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

export function sourceOf({ source }: Cell): string {
  return Array.isArray(source) ? source.join("") : source;
}

export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

/** A text as notebooks keep it: one line each, so that versions can be compared. */
export function toLines(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== "");
}
