import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "./make-notebook";
import { useKernel } from "./use-kernel";

const bench = useKernel();
const { run } = bench;

test("completion and inspection know the library and the variables", async () => {
  await run('import { sha256 } from "../../../lib/core/hash"; const some_variable = 3');
  const { matches } = await bench.kernel().request("complete_request", { code: "some_v", cursor_pos: 6 });
  assert.deepEqual(matches, ["some_variable"]);
  const code = "'😀'; sha256";
  const inspected = await bench.kernel().request("inspect_request", { code, cursor_pos: 9, detail_level: 0 });
  assert.match((inspected.data as Record<string, string>)["text/plain"], /SHA-256 of text or bytes/);
});

test("Tab in a text completes the names of experiments, tasks, profiles, engines, methods and sites", async () => {
  const complete = async (code: string): Promise<unknown[]> => {
    const answer = await bench.kernel().request("complete_request", { code, cursor_pos: Array.from(code).length });
    assert.equal(answer.cursor_end, Array.from(code).length);
    return [answer.matches, answer.cursor_start];
  };
  const files = (folder: string) =>
    readdirSync(join(projectRoot, "configs", folder))
      .map((file) => file.replace(".yaml", ""))
      .sort();
  const inside = files("experiments").filter((name) => name.startsWith("inside"));
  assert.deepEqual(await complete("'😀'; await experiment(\"in"), [inside, 23]);
  assert.deepEqual((await complete("dataset('"))[0], files("tasks"));
  assert.deepEqual((await complete('dataset("prostate", { profile: "'))[0], files("profiles"));
  assert.deepEqual((await complete('const engine = "w'))[0], ["webgpu", "wasm"]);
  assert.deepEqual((await complete('await inside.viewer({ site: "B'))[0], ["BIDMC"]);
  assert.deepEqual((await complete('cases.filter(({ method }) => method === "local'))[0], ["local-only"]);
  assert.deepEqual((await complete('experiment("inside-prostate", { profile, methods: ["local-only", "fedpr'))[0], [
    "fedprox",
  ]);
  assert.deepEqual((await complete('compareMethods(inside.cases, "iop-'))[0], ["iop-fl"]);
  assert.deepEqual((await complete('table([{ a: "in'))[0], []);
});

test("Tab and Shift-Tab: names of the door, members, fields of options; documentation of library and cell", async () => {
  await run(
    'import * as door from "../../../lib/notebook";\nimport { experiment, table } from "../../../lib/notebook";',
  );
  await run("/** How many hospitals take part. */\nconst hospitals = 6;\nconst sizes = [1, 2];");
  const complete = async (code: string): Promise<string[]> =>
    (await bench.kernel().request("complete_request", { code, cursor_pos: code.length })).matches as string[];
  assert.deepEqual(await complete("door.sli"), ["slices"]);
  assert.ok((await complete("sizes.for")).includes("forEach"));
  assert.deepEqual(await complete("hospi"), ["hospitals"]);
  assert.deepEqual(await complete("table([{ a: 1 }], { capt"), ["caption"]);

  // What each completion is: JupyterLab and VS Code show it beside the name.
  await run(
    'import { strict } from "node:assert"; class Site {}\nenum Sex { Female }\nfunction plain() {}\nconst arrow = () => 1;\nlet changing = 1;',
  );
  const kindOf = async (code: string, name: string): Promise<unknown> => {
    const { metadata, matches, cursor_start, cursor_end } = await bench
      .kernel()
      .request("complete_request", { code, cursor_pos: Array.from(code).length });
    const typed = (
      metadata as { _jupyter_types_experimental: { text: string; type: string; start: number; end: number }[] }
    )._jupyter_types_experimental;
    assert.deepEqual(
      typed.map(({ text }) => text),
      matches,
      "in the order of the matches",
    );
    const found = typed.find(({ text }) => text === name);
    assert.deepEqual([found?.start, found?.end], [cursor_start, cursor_end]);
    return found?.type;
  };
  const kinds = {
    "door.sli": "slices",
    expe: "experiment",
    hospi: "hospitals",
    chang: "changing",
    arr: "arrow",
    "'😀'; pla": "plain",
    Sit: "Site",
    Sex: "Sex",
    "Sex.F": "Female",
    doo: "door",
    "sizes.for": "forEach",
    "sizes.len": "length",
    awa: "await",
    "let x: Par": "Partial",
  };
  const named = await Promise.all(Object.entries(kinds).map(([code, name]) => kindOf(code, name)));
  assert.deepEqual(named, [
    "function",
    "function",
    "constant",
    "variable",
    "function",
    "function",
    "class",
    "enum",
    "enumMember",
    "module",
    "method",
    "property",
    "keyword",
    "interface",
  ]);

  const inspect = async (code: string, at: string): Promise<string> => {
    const { data } = await bench
      .kernel()
      .request("inspect_request", { code, cursor_pos: code.indexOf(at) + 1, detail_level: 0 });
    return (data as Record<string, string>)["text/plain"] ?? "";
  };
  assert.match(
    await inspect("experiment('x')", "experiment"),
    /Runs what is missing of an experiment, with curves while it runs/,
  );
  assert.match(await inspect("hospitals + 1", "hospitals"), /hospitals: (6|number)\n\nHow many hospitals take part\./);
  const { found } = await bench.kernel().request("inspect_request", { code: "   ", cursor_pos: 1, detail_level: 0 });
  assert.equal(found, false);
});
