import type { FoundRecord } from "../../records/found";
import { valuesOf, type DataSet } from "./column";
import type { PackedFile } from "./crate";
import { csvText } from "./csv";
import { roundData, telemetryData } from "./curve-data";
import { runData } from "./run-data";
import { scoreData } from "./score-data";
import { tableData, type NamedTable } from "./table-data";

/** Every number as CSV and as JSON, and the dictionary of all columns. */
export function dataFiles(found: readonly FoundRecord[], tables: readonly NamedTable[]): PackedFile[] {
  const records = found.map(({ record }) => record);
  const sets = [
    drawn(runData(found)),
    drawn(scoreData(records)),
    drawn(roundData(records)),
    drawn(telemetryData(records)),
    drawn(tableData(tables)),
  ];
  return [...sets.flatMap(({ files }) => files), ...dictionary(sets.flatMap(({ words }) => words))];
}

interface Word {
  readonly file: string;
  readonly column: string;
  readonly type: string;
  readonly unit: string;
  readonly description: string;
}

function drawn<Row>(set: DataSet<Row>): { readonly files: readonly PackedFile[]; readonly words: readonly Word[] } {
  const names = set.columns.map(({ name }) => name);
  const values = valuesOf(set);
  const objects = values.map((row) => JSON.stringify(Object.fromEntries(row.map((value, at) => [names[at], value]))));
  const words = set.columns.map(({ name, type, unit = "", description }) => ({
    file: `data/${set.name}.csv`,
    column: name,
    type,
    unit,
    description,
  }));
  const { description } = set;
  return {
    files: [
      { path: `data/${set.name}.csv`, description, content: csvText(names, values) },
      { path: `data/${set.name}.json`, description, content: `[${objects.join(",\n")}]\n` },
    ],
    words,
  };
}

function dictionary(words: readonly Word[]): PackedFile[] {
  const description =
    "What every column of every data file holds. In CSV files an apostrophe stands before text that a spreadsheet would compute; an empty cell (JSON: null) is no value.";
  const head = ["file", "column", "type", "unit", "description"] as const;
  return [
    {
      path: "data/dictionary.csv",
      description,
      content: csvText(
        head,
        words.map((word) => head.map((name) => word[name])),
      ),
    },
    { path: "data/dictionary.json", description, content: `${JSON.stringify(words, null, 1)}\n` },
  ];
}
