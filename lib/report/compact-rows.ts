/**
 * Rows of a figure as a page holds them: words once, numbers as far as anybody reads them. Two thousand points are 30 kB in place of
 * 200.
 */
export interface CompactRows {
  readonly fields: readonly string[];
  /** By field, where its values are words: those, which the rows name by their place. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** A row's values in the order of the fields; null where it has none. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Of numbers, more than any axis or tooltip shows. */
const digits = 5;

/** @param values records with the same kind of value in a field throughout */
export function compactRows(values: readonly Readonly<Record<string, unknown>>[]): CompactRows {
  const fields = [...new Set(values.flatMap((row) => Object.keys(row)))];
  const words: Record<string, string[]> = {};
  const places = new Map<string, Map<unknown, number>>();
  for (const field of fields) {
    const found = values.map((row) => row[field]).filter((value): value is string => typeof value === "string");
    if (found.length === 0) continue;
    words[field] = [...new Set(found)];
    places.set(field, new Map(words[field].map((word, place) => [word, place])));
  }
  const packed = (field: string, value: unknown) => {
    if (typeof value === "number") return Number(value.toPrecision(digits));
    return places.get(field)?.get(value) ?? value ?? null;
  };
  return { fields, words, rows: values.map((row) => fields.map((field) => packed(field, row[field]))) };
}
