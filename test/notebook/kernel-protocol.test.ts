import assert from "node:assert/strict";
import { test } from "node:test";
import { useKernel } from "./use-kernel";

const bench = useKernel();
const { run } = bench;
const ask = (type: string, content: Record<string, unknown>) => bench.kernel().request(type, content);

test("is_complete: what runs, what is not finished, what never will", async () => {
  const texts = {
    complete: ["let x = 1", "", "// note", "if (x) {\n  y()\n}", "return 5"],
    incomplete: ["`abc", "`abc ${", "/* abc", "function f() {", "foo(", "a +", "const a =", "try {}", "[1,\n2", "x =>"],
    invalid: ["const = 3", "}{", "let 1a = 2", "foo)", "'abc", "/abc", "1 +* 2", "else"],
  };
  for (const [status, codes] of Object.entries(texts))
    for (const code of codes) assert.equal((await ask("is_complete_request", { code })).status, status, code);
});

test("user_expressions are evaluated after the cell, each by itself", async () => {
  const expressions = { sum: "1 + seven", bad: "notThere", thrown: '(() => { throw new Error("no") })()' };
  const reply = await ask("execute_request", { code: "const seven = 7", user_expressions: expressions });
  const values = reply.user_expressions as Record<
    string,
    { status: string; data?: Record<string, string>; evalue?: string }
  >;
  assert.deepEqual([values.sum.status, values.sum.data?.["text/plain"]], ["ok", "8"]);
  assert.deepEqual([values.bad.status, values.thrown.status, values.thrown.evalue], ["error", "error", "no"]);
});

test("silent cells and cells outside the history do not count; the history is told", async () => {
  const { execution_count: before } = (await run("'counted'")).reply;
  for (const content of [{ store_history: false }, { silent: true }])
    assert.equal((await ask("execute_request", { code: "3", ...content })).execution_count, before);
  assert.equal((await run("'again'")).reply.execution_count, Number(before) + 1);
  const tail = await ask("history_request", { hist_access_type: "tail", n: 2, output: false, raw: true });
  assert.deepEqual(
    (tail.history as unknown[][]).map(([, , code]) => code),
    ["'counted'", "'again'"],
  );
  const found = await ask("history_request", { hist_access_type: "search", pattern: "'again*", output: true });
  assert.deepEqual(
    (found.history as unknown[][]).map(([, , code]) => code),
    [["'again'", null]],
  );
});

test("an unknown request and a request without its content are answered with an error", async () => {
  assert.match(String((await ask("dance_request", {})).evalue), /unknown request dance_request/);
  assert.match(String((await ask("execute_request", {})).evalue), /has no code/);
  assert.equal((await run("1")).result, "1");
});
