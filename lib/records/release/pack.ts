import type { Json } from "../../core/hash";
import { expandRepeats, repeatsOf } from "./repeats";

/** Marks of packed values; a name that begins like one gets another sign before it. */
const sign = "@";
const marks = { columns: "@columns", lengths: "@lengths", items: "@items" } as const;

type Fields = Readonly<Record<string, Json | undefined>>;

/**
 * Writes lists of objects with equal names as columns, lists of lists as one list with its lengths, and what repeats itself once: scores of
 * thousands of cases in every pass become a third as long, and stay text. Nothing is rounded.
 * @returns what `unpack` takes back to an equal value
 */
export function pack(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return packList(value);
  return Object.fromEntries(
    Object.entries(value as Fields)
      .filter((field): field is [string, Json] => field[1] !== undefined)
      .map(([name, inner]) => [escaped(name), pack(inner)]),
  );
}

function packList(list: readonly Json[]): Json {
  if (list.length > 1 && list.every(Array.isArray))
    return { [marks.lengths]: pack(list.map((each) => (each as Json[]).length)), [marks.items]: pack(list.flat(1)) };
  const keys = list.length > 1 ? keysOf(list[0]) : undefined;
  if (!keys?.length || !list.every((each) => keysOf(each)?.join("\n") === keys.join("\n")))
    return repeatsOf(list) ?? list.map(pack);
  const column = (key: string) => pack(list.map((each) => (each as Fields)[key] as Json));
  return { [marks.columns]: Object.fromEntries(keys.map((key) => [escaped(key), column(key)])) };
}

const escaped = (name: string) => (name.startsWith(sign) ? sign + name : name);
const plain = (name: string) => (name.startsWith(sign) ? name.slice(1) : name);

/** @returns the names of an object's fields, sorted */
function keysOf(value: Json): string[] | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return Object.keys(value)
    .filter((key) => (value as Fields)[key] !== undefined)
    .sort();
}

/** @throws TypeError when columns, lengths or places do not fit each other */
export function unpack(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(unpack);
  const fields = value as Readonly<Record<string, Json>>;
  if (Object.hasOwn(fields, marks.columns)) return rowsOf(fields[marks.columns]);
  if (Object.hasOwn(fields, marks.lengths)) return listsOf(unpack(fields[marks.lengths]), unpack(fields[marks.items]));
  return (
    expandRepeats(fields) ??
    Object.fromEntries(Object.entries(fields).map(([name, inner]) => [plain(name), unpack(inner)]))
  );
}

function rowsOf(columns: Json): Json[] {
  const lists = Object.entries(columns as Record<string, Json>).map(([name, packed]) => {
    // Set on an object, this would not be a field of it.
    if (name === "__proto__") throw new TypeError("a column has no name that can be a field's");
    return [plain(name), listOf(unpack(packed))] as const;
  });
  const count = lists[0]?.[1].length ?? 0;
  const other = lists.find(([, list]) => list.length !== count);
  if (other) throw new TypeError(`a column of ${other[1].length} beside one of ${count}`);
  return Array.from({ length: count }, (_, index) => {
    const row: Record<string, Json> = {};
    for (const [name, list] of lists) row[name] = list[index];
    return row;
  });
}

function listsOf(lengths: Json, items: Json): Json[] {
  const all = listOf(items);
  let at = 0;
  const lists = listOf(lengths).map((length) => all.slice(at, (at += Number(length))));
  if (at !== all.length) throw new TypeError(`lists of ${at} in all beside ${all.length} items`);
  return lists;
}

function listOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("a list was packed as something else");
}
