import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "./use-kernel";

const bench = useKernel();
const { run } = bench;

test("variables, shorthand properties and results across cells", async () => {
  await run("const a = 1; let b = 2");
  assert.equal((await run("const both = { a, b }; both")).result, "{ a: 1, b: 2 }");
  assert.equal((await run("b = 5; ({ a, b })")).result, "{ a: 1, b: 5 }");
  await run("({ b } = { b: 7 })");
  assert.equal((await run("b")).result, "7");
  await run("({ b = 9 } = {} as { b?: number })");
  assert.equal((await run("b")).result, "9");
  assert.equal((await run("undefined")).result, undefined);
});

test("a failed cell keeps what it reached, and earlier values of what it did not", async () => {
  await run("let kept = 'old'; let other = 'old'");
  const { reply } = await run("let other = 'new';\nthrow new Error('half-way');\nlet kept = 3;");
  assert.equal(reply.status, "error");
  assert.equal((await run("kept.length + other")).result, "'3new'");
});

test("a name is one variable: functions see what later cells assign or declare anew", async () => {
  const cells: readonly [code: string, result: string][] = [
    ["let rate = 0.1; function step() { return rate * 2 } step()", "0.2"],
    ["rate = 1; step()", "2"],
    ["let rate = 4; step()", "8"],
    ["let total = 0; const add = (n: number) => { total += n }; add(5); total", "5"],
    ["total = 0; const zero = total; add(3); [zero, total]", "[ 0, 3 ]"],
    ["function area(r: number) { return r * 2 } function twice(r: number) { return area(r) } twice(1)", "2"],
    ["function area(r: number) { return r * 20 } twice(1)", "20"],
    [
      "let options = { a: 2 }; class Reader { get a() { return options.a } } const reader = new Reader(); reader.a",
      "2",
    ],
    ["options = { a: 3 }; reader.a", "3"],
    ["({ rate, total } = { rate: 5, total: 6 }); [step(), total++, total]", "[ 10, 6, 7 ]"],
    ["import { join as glue } from 'node:path'; const path = () => glue('a', 'b'); path()", "'a/b'"],
    ["const glue = (a: string, b: string) => a + b; path()", "'ab'"],
    ["class Net { static made = new Net(); kind() { return Net.made === this } } Net.made.kind()", "true"],
    ["const { p, q = p } = { p: 1 } as { p: number; q?: number }; [p, q]", "[ 1, 1 ]"],
    ["namespace Box { export const size = () => rate } enum Side { Left = 7 } [Box.size(), Side.Left]", "[ 5, 7 ]"],
    ["rate = 6; [Box.size(), Side[7]]", "[ 6, 'Left' ]"],
  ];
  for (const [code, result] of cells) {
    const ran = await run(code);
    assert.equal(ran.result, result, `${code}: ${ran.traceback}`);
  }
});

test("a name that a block, a loop or a function shadows stays its own", async () => {
  await run("let shadowed = 1; const keep = () => shadowed;");
  await run(
    "{ let shadowed = 2; shadowed++; } for (let shadowed = 0; shadowed < 3; shadowed++); ((shadowed) => shadowed)(9);",
  );
  assert.equal(
    (await run("try { throw 5 } catch (shadowed) { void shadowed } ({ shadowed: 7, kept: keep() })")).result,
    "{ shadowed: 7, kept: 1 }",
  );
});

test("functions keep their names and are called without an object; a last value has none", async () => {
  await run(
    "const arrow = () => 1; function plain(this: unknown) { return this === undefined || this === globalThis }",
  );
  assert.equal((await run("arrow")).result, "[Function: arrow]");
  assert.equal((await run("plain()")).result, "true");
  assert.equal((await run("(r: number) => r")).result, "[Function (anonymous)]");
  assert.match((await run("let nothing: any; nothing();")).traceback, /TypeError: nothing is not a function/);
});

test("values of earlier cells are taken apart under other names, in every form", async () => {
  await run("const taken = [{ site: 'HK', case: 'one', at: { row: 1, column: 2 } }];");
  const cells: readonly [code: string, result: string][] = [
    ["const { case: id } = taken[0]; id", "'one'"],
    [
      "const found = []; for (const { site, case: of } of taken) { found.push(`${site} ${of}`); } found",
      "[ 'HK one' ]",
    ],
    [
      "const { at: { row: down, ...rest }, site: place = '?' } = taken[0]; [down, rest, place]",
      "[ 1, { column: 2 }, 'HK' ]",
    ],
    ["let inner; ({ at: inner } = taken[0]); inner", "{ row: 1, column: 2 }"],
    ["taken.map(({ case: each, at: { column } }) => each + column)", "[ 'one2' ]"],
    ["const key = 'site'; const { [key]: named } = taken[0]; named", "'HK'"],
  ];
  for (const [code, result] of cells) assert.equal((await run(code)).result, result, code);
});
