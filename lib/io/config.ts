import { isScalar, LineCounter, parseDocument, visit, type Document, type YAMLMap } from "yaml";
import type { z } from "zod";
import { quote, WorkbenchError } from "../core/errors";
import { closest } from "../core/closest";
import { readText } from "./byte-source";
import { keysAt } from "./schema-keys";

/**
 * Reads a YAML file and checks it against a schema. Aliases are limited, so that a small file cannot unfold into a huge one.
 * @param name how errors call the file (default: its path)
 * @throws WorkbenchError naming the file, the line, the field and the bad value
 */
export function readConfig<Schema extends z.ZodType>(path: string, schema: Schema, name = path): z.output<Schema> {
  return parseConfig(readText(path, name, longest), schema, name);
}

/** Checks a YAML text against a schema: see `readConfig`. */
export function parseConfig<Schema extends z.ZodType>(text: string, schema: Schema, name: string): z.output<Schema> {
  refuseExtremes(text, name);
  const lines = new LineCounter();
  // The parser's own search for equal keys compares each with all others.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: "error", uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const fault = document.errors[0] ?? equalKeys(document);
  if (fault)
    throw new WorkbenchError(
      `${name} line ${lines.linePos(fault.pos[0]).line}: ${oneLine(fault.message)}`,
      "mend the YAML",
    );
  const checked = schema.safeParse(unfold(() => document.toJS({ maxAliasCount: 50 }), name));
  if (checked.success) return checked.data;
  const issue = telling(checked.error.issues[0]);
  const misspelt = unknownKey(issue, schema);
  const path = misspelt ? [...issue.path, misspelt.key] : issue.path;
  const line = lineOf(path);
  throw new WorkbenchError(
    `${name}${line ? ` line ${line}` : ""}: ${path.map(String).join(".") || "the file"}: ${misspelt?.problem ?? oneLine(issue.message)}`,
    misspelt?.hint ?? "mend the value",
  );

  /** The line of the field, or of its closest parent that is there. */
  function lineOf(keys: readonly PropertyKey[]): number | undefined {
    for (let length = keys.length; length > 0; length--) {
      const node = document.getIn(keys.slice(0, length), true) as { range?: readonly number[] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  }
}

/** Of choices that all fail, the one that came furthest tells what was meant. */
function telling(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const depth = ({ path, code }: z.core.$ZodIssue) => path.length + (code === "unrecognized_keys" ? 1.5 : 0);
  const inner = issue.errors.flat().map((each) => telling({ ...each, path: [...issue.path, ...each.path] }));
  return inner.reduce((best, each) => (depth(each) > depth(best) ? each : best), issue as z.core.$ZodIssue);
}

/** The first key that its map has twice. */
function equalKeys(document: Document): { readonly message: string; readonly pos: readonly [number] } | undefined {
  let fault: ReturnType<typeof equalKeys>;
  visit(document, {
    Map(_, { items }: YAMLMap) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          fault = { message: `map keys must be unique: ${quote(String(key.value))}`, pos: [key.range?.[0] ?? 0] };
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return fault;
}

/** A configuration has a few thousand characters, nests five deep, and repeats little by aliases, each of which is searched for. */
const longest = 200_000;
const deepest = 100;
const mostParts = 20_000;
const mostAliases = 200;

/** The parser calls itself for every level: thousands of them end the whole process, so depth is bounded before it starts. */
function refuseExtremes(text: string, name: string): void {
  const refuse = (what: string) => new WorkbenchError(`${name}: ${what}`, "write a plain configuration");
  if (text.length > longest) throw refuse(`has ${text.length} characters, more than ${longest}`);
  const parts = text.match(/[:,\n]/g)?.length ?? 0;
  if (parts > mostParts) throw refuse(`has ${parts} lines, keys and items, more than ${mostParts}`);
  const aliases = text.match(/(?<![^\s,[{:?-])[&*][^\s,[\]{}]/g)?.length ?? 0;
  if (aliases > mostAliases) throw refuse(`has ${aliases} anchors and aliases, more than ${mostAliases}`);
  let brackets = 0;
  for (const [index, line] of text.split(/[\r\n]/).entries()) {
    const indent = line.search(/[^\s?:-]/);
    for (const character of line) brackets += "[{".includes(character) ? 1 : "]}".includes(character) ? -1 : 0;
    if ((indent < 0 ? line.length : indent) > deepest || brackets > deepest)
      throw refuse(`line ${index + 1} nests more than ${deepest} deep`);
    brackets = Math.max(0, brackets);
  }
}

/** A key that a schema does not know, and the one that was meant. */
function unknownKey(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
): { readonly key: string; readonly problem: string; readonly hint: string } | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const [key] = issue.keys;
  const known = keysAt(schema, issue.path);
  // A key of thousands of characters is no misspelling.
  const meant = key.length > 100 ? undefined : closest(key, known);
  return {
    key,
    problem: `unknown key ${quote(key)}${meant === undefined ? "" : `, did you mean ${quote(meant)}?`}`,
    hint: known.length > 0 ? `use one of ${known.slice(0, 20).join(", ")}` : "remove it",
  };
}

function unfold(parse: () => unknown, name: string): unknown {
  try {
    return parse();
  } catch (error) {
    throw new WorkbenchError(`${name}: ${oneLine((error as Error).message)}`, "write it without aliases");
  }
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
