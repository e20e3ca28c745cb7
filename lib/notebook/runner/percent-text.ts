import { sourceOf, type Notebook } from "./notebook-file";

/** A notebook as text that people read and compare: `// %%` before each cell with its kind, id and tags, prose as comments, no outputs. */
export function percentText({ cells }: Notebook): string {
  const texts = cells.map((cell) => {
    const { tags = [] } = cell.metadata;
    const kind = cell.cell_type === "code" ? [] : [`[${cell.cell_type}]`];
    const head = [
      "// %%",
      ...kind,
      ...(cell.id ? [cell.id] : []),
      ...(tags.length > 0 ? [`tags: ${tags.join(", ")}`] : []),
    ].join(" ");
    const source = sourceOf(cell).split("\n");
    const lines = cell.cell_type === "code" ? source : source.map((line) => (line === "" ? "//" : `// ${line}`));
    return [head, ...lines].join("\n");
  });
  return `${texts.join("\n\n")}\n`;
}
