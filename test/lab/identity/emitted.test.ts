import assert from "node:assert/strict";
import { test } from "node:test";
import prettier from "prettier";
import ts from "typescript";
import { emittedBy } from "../../../lib/lab/identity/emitted";
import { cppTokens } from "../../../lib/engine/install/cpp-tokens";
import { projectSources } from "../../../lib/records/sources";

const sources = projectSources();
const modules = ["core", "nets", "metrics", "federation", "methods", "engine"]
  .flatMap((room) => sources.list(`lib/${room}`))
  // AssemblyScript is another language: what counts of it are the bytes that were made of it.
  .filter((path) => path.endsWith(".ts") && !path.includes("/assembly/"));
const textOf = (path: string) => sources.read(path) as string;

test("what counts of a module is what the compiler leaves of it, and what the formatter makes of it counts the same", async () => {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true };
  assert.ok(modules.length > 100);
  for (const path of modules.filter((_, index) => index % 4 === 0)) {
    const text = textOf(path);
    const whole = emittedBy(text);
    const { outputText } = ts.transpileModule(text, { compilerOptions: options });
    assert.deepEqual(emittedBy(outputText), whole, path);
    const narrow = await prettier.format(text, {
      parser: "typescript",
      printWidth: 40,
      trailingComma: "none",
      semi: false,
    });
    assert.deepEqual(emittedBy(narrow), whole, path);
  }
});

const text = `import { a } from "./x";
const one = a * 2 - 3;
export function f(x: number, y = 1e-3): number {
  if (!(x > y)) throw new WorkbenchError(\`\${x} is small\`, "make it larger");
  return x / y + one;
}`;
/** Edits of a module, and whether they reach a processor. */
const edits: readonly (readonly [name: string, change: (code: string) => string, counts: boolean])[] = [
  ["a comment", (code) => `/** Says more. */\n// And more.\n${code}`, false],
  ["a comment within", (code) => code.replace("x / y", "x /* over */ / y"), false],
  ["layout", (code) => code.replace(/\n/g, "\n\n\t").replace("a * 2", "a\n*2"), false],
  ["brackets", (code) => code.replace("a * 2 - 3", "((a * 2) - 3)"), false],
  ["quotes and semicolons", (code) => code.replace(/"/g, "'").replace(/;/g, ";;"), false],
  ["a type", (code) => code.replace("x: number", "x: Readonly<Meters>").replace("): number", ")"), false],
  [
    "an interface",
    (code) => `import type { T } from "./t";\nexport interface U extends T { x: number }\n${code}`,
    false,
  ],
  ["an assertion", (code) => code.replace("x / y", "(x as number)! / (y satisfies number)"), false],
  ["another spelling of a number", (code) => code.replace("1e-3", "0.00_1"), false],
  ["the text of an error", (code) => code.replace("is small", "is too small"), false],
  ["a constant", (code) => code.replace("1e-3", "1e-4"), true],
  ["an operator", (code) => code.replace("x / y", "x * y"), true],
  ["an order of operands", (code) => code.replace("x / y", "y / x"), true],
  ["an order of sums", (code) => code.replace("x / y + one", "x / (y + one)"), true],
  ["a sign", (code) => code.replace("return x", "return -x"), true],
  ["a comparison", (code) => code.replace("x > y", "x >= y"), true],
  ["a negation", (code) => code.replace("!(x", "(x"), true],
  ["a name", (code) => code.replace("{ a }", "{ b as a }"), true],
  ["a statement", (code) => code.replace("return x", "x += 1;\n  return x"), true],
  ["an optional call", (code) => code.replace("a * 2", "a?.b * 2"), true],
];

for (const [name, change, counts] of edits)
  test(`${name} ${counts ? "moves" : "does not move"} the hash of a module`, () => {
    assert.notEqual(change(text), text);
    assert.equal(emittedBy(change(text)).hash !== emittedBy(text).hash, counts);
  });

test("the modules that are loaded are told, those of types and of packages are not", () => {
  const code = `import { a, type B } from "./a"; import { type C } from "./c"; import type D from "./d"; import "./e";
    export { f } from "./f"; export type { G } from "./g"; import x from "zod"; const h = await import("./h"); require("./i");`;
  assert.deepEqual(emittedBy(code).imports, ["./a", "./e", "./f", "./h", "./i"]);
});

test("of C++ comments and layout do not count, tokens do", () => {
  const code =
    '#include <a.h>  // for b\nfloat f(float a) {\n  /* twice */ return a + ++b * 2.0f; // "quoted"\n}\nconst char *s = "// kept";\n';
  const same = '#include <a.h>\nfloat f(float a){return a+ ++b*2.0f;}\nconst char*s="// kept";';
  assert.equal(cppTokens(code), cppTokens(same));
  for (const [from, to] of [
    ["2.0f", "2.1f"],
    ["+ ++b", "++ + b"],
    ["// kept", "// lost"],
    ["<a.h>", "<b.h>"],
    ["return a", "return -a"],
  ])
    assert.notEqual(cppTokens(code.replace(from, to)), cppTokens(code), from);
});
