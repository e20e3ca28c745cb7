import { WorkbenchError } from "../../core/errors";
import { hasTag, sourceOf, toLines, type Cell, type Notebook } from "./notebook-file";

export type Parameters = Readonly<Record<string, string>>;

const assignable = /^[A-Za-z_$][\w$]*$/;

/** The names that a notebook's cell tagged `parameters` declares. */
function parametersOf({ cells }: Notebook): string[] {
  const code = cells
    .filter((cell) => hasTag(cell, "parameters"))
    .map(sourceOf)
    .join("\n");
  return Array.from(code.matchAll(/(?:^|;)\s*(?:const|let|var)\s+([\w$]+)/gm), (match) => match[1]);
}

/**
 * Puts a visible cell behind the one tagged `parameters` that sets those of `values` which the notebook has.
 * @returns a new notebook; the given one when there is nothing to set
 */
export function withParameters(notebook: Notebook, values: Parameters): Notebook {
  const known = new Set(parametersOf(notebook));
  const lines = Object.entries(values)
    .filter(([name]) => known.has(name))
    .map(([name, value]) => `const ${name} = ${literal(value)};`);
  if (lines.length === 0) return notebook;
  const source = toLines(["// Parameters", ...lines].join("\n"));
  const cell: Cell = {
    id: "injected-parameters",
    cell_type: "code",
    metadata: { tags: ["injected-parameters"] },
    source,
    outputs: [],
    execution_count: null,
  };
  const place = notebook.cells.findIndex((candidate) => hasTag(candidate, "parameters")) + 1;
  return { ...notebook, cells: [...notebook.cells.slice(0, place), cell, ...notebook.cells.slice(place)] };
}

/** @throws WorkbenchError when a value would be set that no notebook takes, most likely a spelling mistake */
export function checkParameters(notebooks: readonly Notebook[], values: Parameters): void {
  const known = new Set(notebooks.flatMap(parametersOf));
  const unknown = Object.keys(values).find((name) => !known.has(name) || !assignable.test(name));
  if (unknown !== undefined)
    throw new WorkbenchError(
      `no notebook takes a parameter "${unknown}"`,
      known.size > 0 ? `use one of ${[...known].join(", ")}` : "add a cell tagged `parameters`",
    );
}

/** Numbers, booleans and JSON as they are; everything else is text. */
function literal(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value));
  } catch {
    return JSON.stringify(value);
  }
}
