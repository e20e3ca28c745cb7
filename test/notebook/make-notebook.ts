import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Cell, Notebook } from "../../lib/notebook/runner/notebook-file";

export const projectRoot = resolve(__dirname, "../..");

/** A cell of code, or of code with tags. */
export type Draft = string | { readonly code: string; readonly tags: readonly string[] };

export function makeNotebook(...drafts: Draft[]): Notebook {
  const cells = drafts.map((draft, index): Cell => {
    const { code, tags } = typeof draft === "string" ? { code: draft, tags: [] } : draft;
    return {
      id: `cell-${index}`,
      cell_type: "code",
      metadata: tags.length > 0 ? { tags } : {},
      source: code,
      outputs: [],
      execution_count: null,
    };
  });
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** A folder three levels below the project's root: cells find the library at `../../../lib` from it. Removed by `remove`. */
export function temporaryFolder(): { path: string; write(name: string, content: string): string; remove(): void } {
  const parent = join(projectRoot, ".workbench", "tests");
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "notebook-"));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
