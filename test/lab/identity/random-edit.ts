import { posix } from "node:path";
import ts from "typescript";
import type { Random } from "../../../lib/core/random";

/** A change of one file's text, or another place for it. */
export interface Edit {
  readonly kind: string;
  readonly path: string;
  /** What was there, and what is in its place. */
  readonly what: string;
  readonly text?: string;
  readonly to?: string;
}

type Maker = (path: string, text: string, random: Random) => Omit<Edit, "kind" | "path"> | undefined;

const pick = <Item>(items: readonly Item[], random: Random): Item | undefined => items[random.integer(items.length)];

/** Every token of a module but those within templates, whose gaps are text. */
function nodesOf<Node extends ts.Node>(text: string, wanted: (node: ts.Node) => node is Node): Node[] {
  const found: Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isTemplateExpression(node)) return;
    if (wanted(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("module.ts", text, ts.ScriptTarget.ES2022, true));
  return found;
}

const replaced = (text: string, node: ts.Node, by: string) => ({
  what: `${node.getText().slice(0, 60)} -> ${by.slice(0, 60)}`,
  text: text.slice(0, node.getStart()) + by + text.slice(node.getEnd()),
});

/** Where a word of a comment or an empty line may stand without moving what a statement means. */
function beforeStatement(by: string): Maker {
  return (_path, text, random) => {
    const statement = pick(nodesOf(text, ts.isStatement), random);
    if (!statement) return undefined;
    const at = statement.getStart();
    return { what: `${by} before ${statement.getText().slice(0, 40)}`, text: text.slice(0, at) + by + text.slice(at) };
  };
}

/** Edits that leave what the compiler emits as it is. */
export const silent: Readonly<Record<string, Maker>> = {
  comment: beforeStatement("/* Says more: 1 + 1 = 3; */ "),
  layout: beforeStatement("\n\n\t"),
  type: (_path, text, random) => {
    const name = `Added${random.integer(1000)}`;
    return {
      what: name,
      text: `${text}\ntype ${name} = number | string;\nexport interface ${name}Too { readonly of: ${name} }\n`,
    };
  },
  rename: (path) => ({ what: "another name", to: posix.join(posix.dirname(path), `renamed-${posix.basename(path)}`) }),
};

const others: Readonly<Record<string, string>> = { "+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", "<=": "<" };
const isSum = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && Object.hasOwn(others, node.operatorToken.getText());

/** Edits that may compute something else. */
export const loud: Readonly<Record<string, Maker>> = {
  operator: (_path, text, random) => {
    const node = pick(nodesOf(text, isSum), random)?.operatorToken;
    return node && replaced(text, node, others[node.getText()]);
  },
  number: (_path, text, random) => {
    const node = pick(nodesOf(text, ts.isNumericLiteral), random);
    return node && replaced(text, node, String(Number(node.text) * 2 + 1));
  },
  order: (_path, text, random) => {
    const node = pick(nodesOf(text, isSum), random);
    return (
      node && replaced(text, node, `(${node.right.getText()}) ${node.operatorToken.getText()} (${node.left.getText()})`)
    );
  },
};

/** @returns one edit of a kind at a file that allows it. @param textOf of the files that are edited */
export function randomEdit(
  makers: Readonly<Record<string, Maker>>,
  files: readonly string[],
  textOf: (path: string) => string,
  random: Random,
): Edit {
  for (;;) {
    const kind = pick(Object.keys(makers), random) as string;
    const path = pick(files, random) as string;
    const edit = makers[kind](path, textOf(path), random);
    if (edit) return { kind, path, ...edit };
  }
}
