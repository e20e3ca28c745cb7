import { SourceMap, type SourceMapPayload } from "node:module";
import { relative } from "node:path";

/** A place in a text that somebody wrote. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type Locate = (line: number, column: number) => { line: number; column: number } | undefined;

const locators = new Map<string, Locate>();

/**
 * Remembers how the compiled text of `file` leads back to what was written.
 * @param maps followed one after the other, from the text that runs to the text that was written
 * @param linesBefore how many lines were put before the written text
 */
export function rememberMap(file: string, maps: readonly string[], linesBefore = 0): void {
  const payloads = maps.map((map) => JSON.parse(map) as SourceMapPayload);
  const steps = payloads.map((payload) => new SourceMap(payload));
  const lineCount = payloads[0].mappings.split(";").length;
  locators.set(file, (line, column) => {
    if (line > lineCount) return undefined;
    let place = { line: line - 1, column: column - 1 };
    for (const step of steps) {
      const entry = step.findEntry(place.line, place.column) as { originalLine?: number; originalColumn?: number };
      if (entry.originalLine === undefined || entry.originalColumn === undefined) return undefined;
      place = { line: entry.originalLine, column: entry.originalColumn };
    }
    return { line: place.line + 1 - linesBefore, column: place.column + 1 };
  });
}

export function forgetMap(file: string): void {
  locators.delete(file);
}

/**
 * Makes every stack say what was written where: `cell [3]:4:7` for cells, `lib/nets/model/unet.ts:12:3` for files of the project.
 * @param isCell whether a script of that name is a cell
 */
export function mapStacks(root: string, isCell: (script: string) => boolean): void {
  Error.prepareStackTrace = (error, sites) => {
    // What stands below the last frame of a cell is the kernel, which runs it.
    const lowest = sites.map((site) => isCell(site.getFileName() ?? "")).lastIndexOf(true);
    const frames = (lowest < 0 ? sites : sites.slice(0, lowest + 1)).flatMap((site) => {
      const file = site.getFileName();
      const line = site.getLineNumber();
      const column = site.getColumnNumber();
      const text = String(site).replace(/^(async |new )?(exports|Object)\.(?=.*\(cell \[)/, "$1");
      if (!file || !line || !column) return [`    at ${text}`];
      const cell = isCell(file) ? file : undefined;
      const found = locators.get(file)?.(line, column);
      if (cell && !found) return []; // the frame that starts the cell
      const place = found ?? { line, column };
      const shown = cell ?? (file.startsWith(root) ? relative(root, file) : file);
      return [`    at ${text.replace(`${file}:${line}:${column}`, `${shown}:${place.line}:${place.column}`)}`];
    });
    return [headline(error), ...frames].join("\n");
  };
}

/** As V8 writes it, also for an object that only has a name and a message: `console.trace` makes one. */
function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
