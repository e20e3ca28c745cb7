import { readText } from "../../io/byte-source";
import { placesOf } from "./cells";
import type { PaperFile } from "./read";
import { notTranscribed } from "./schema";

/** What of a paper's table nobody has copied yet. */
export interface Missing {
  readonly file: string;
  readonly title: string;
  readonly cells: number;
  readonly transcribed: number;
  /** Everything beside the numbers, as `where` or `definition of dice`. */
  readonly words: readonly string[];
  /** The first line of the file on which something is missing. */
  readonly line: number | undefined;
}

export function missingOf({ file, path, table }: PaperFile): Missing {
  const places = placesOf(table);
  const words = [
    ...(table.where === notTranscribed ? ["where"] : []),
    ...table.metrics.filter(({ definition }) => definition === notTranscribed).map(({ id }) => `definition of ${id}`),
    ...table.rows.filter(({ called }) => called === notTranscribed).map(({ method }) => `called of ${method}`),
  ];
  const transcribed = places.filter(({ cell }) => cell !== notTranscribed).length;
  const open = words.length > 0 || transcribed < places.length;
  const lines = readText(path, file).split("\n");
  const line = lines.findIndex((text) => text.replace(/#.*/, "").includes(notTranscribed));
  return {
    file,
    title: table.title,
    cells: places.length,
    transcribed,
    words,
    line: open && line >= 0 ? line + 1 : undefined,
  };
}
