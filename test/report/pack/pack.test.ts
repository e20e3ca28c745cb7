import { onlyExperiment, removeRecords, writeConfig, writeRecord } from "../own-report";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { read } from "vega";
import { writePack } from "../../../lib/report/pack/write-pack";
import { adaptation, federation, score } from "../records";

const own = mkdtempSync(join(tmpdir(), "iopfl-pack-"));
after(() => rmSync(own, { recursive: true, force: true }));
const folder = join(own, "pack");
const text = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");
/** What vega's own reader (d3-dsv) makes of a data file. */
const csv = (name: string) => read(text("data", `${name}.csv`), { type: "csv" }) as unknown as Record<string, string>[];
const hostile = '=HYPERLINK(1)\r\n"x",\u001b';

before(async () => {
  removeRecords();
  onlyExperiment(
    "few",
    "id: few\nquestion: Which?\nkind: outside\ntask: t\nfederation: { id: fedavg }\nmethods: [{ id: global }, { id: iop-fl }]\n",
  );
  writeConfig("tasks", "t", "id: t\ntitle: T\nsites: [A, B]\nclasses: 2\ninChannels: 1\n");
  const run = { experiment: "few", profile: "quick", task: "t" };
  writeRecord("few", "federation", federation("fedavg", 0, { A: [0.5, 0.6] }, { ...run, id: "f" }));
  for (const [method, dice] of [
    ["global", 0.25],
    ["iop-fl", -0.125],
  ] as const)
    for (const site of ["A", "B"])
      writeRecord(
        "few",
        `${method}.${site}`,
        adaptation(method, 0, site, [score(hostile, dice), score("Case1", 0.7, null)], {
          ...run,
          id: `${method}-${site}`,
          params: { note: "-1+1" },
        }),
      );
  await writePack("quick", folder);
});

test("every number of a record is in the data, to the last bit", () => {
  const scores = csv("scores");
  // One federation: two cases, three scored models. Four adaptations: two cases, two passes.
  assert.equal(scores.length, 2 * 3 + 4 * 2 * 2);
  const last = scores.filter(({ run, epoch }) => run === "iop-fl-B" && epoch === "2");
  assert.deepEqual(
    last.map(({ dice }) => Number(dice)),
    [-0.125, 0.7],
  );
  assert.equal(last[1].hd95, "");
  assert.deepEqual(
    csv("rounds").map(({ round, site, personal_dice }) => [round, site, personal_dice]),
    [
      ["1", "A", "0.2"],
      ["2", "A", "0.4"],
    ],
  );
  assert.deepEqual(
    csv("telemetry")
      .filter(({ run }) => run === "global-A")
      .map(({ key, index, value }) => [key, index, value]),
    [
      ["gate/decoder.conv1", "0", "0.2"],
      ["gate/decoder.conv1", "1", "0.8"],
    ],
  );
  assert.deepEqual(
    csv("runs").find(({ run }) => run === "iop-fl-B")?.command,
    "npx iopfl run few --profile quick --only method=iop-fl seed=0 site=B",
  );
});

test("JSON and CSV hold the same", () => {
  for (const name of ["runs", "scores", "rounds", "telemetry", "tables"]) {
    const rows = JSON.parse(text("data", `${name}.json`)) as Record<string, string | number | null>[];
    const told = csv(name);
    assert.equal(rows.length, told.length);
    for (const [at, row] of rows.entries())
      for (const [column, value] of Object.entries(row))
        if (typeof value === "number") assert.equal(Number(told[at][column]), value);
        else if (value === null) assert.equal(told[at][column], "");
  }
});

test("a spreadsheet computes nothing, and numbers stay numbers", () => {
  const cases = csv("scores").map((row) => row.case);
  assert.ok(cases.some((name) => name.startsWith("'=HYPERLINK")));
  for (const file of readdirSync(join(folder, "data")).filter((name) => name.endsWith(".csv")))
    for (const row of read(text("data", file), { type: "csv" }) as unknown as Record<string, string>[])
      for (const cell of Object.values(row)) assert.ok(!/^\s*[=+@-]/.test(cell) || Number.isFinite(Number(cell)), cell);
  assert.ok(!text("data", "scores.csv").includes("\u001b"));
});

test("the dictionary tells every column of every file, and no other", () => {
  const words = csv("dictionary").map(({ file, column, description }) => {
    assert.ok(description.length > 3);
    return `${file} ${column}`;
  });
  const columns = ["runs", "scores", "rounds", "telemetry", "tables"].flatMap((name) =>
    text("data", `${name}.csv`)
      .split("\r\n")[0]
      .split(",")
      .map((column) => `data/${name}.csv ${column}`),
  );
  assert.deepEqual(words, columns);
});

interface Entity {
  readonly "@id": string;
  readonly "@type": string;
  readonly [property: string]: unknown;
}

test("the crate describes itself: RO-Crate 1.1", () => {
  const { "@context": context, "@graph": graph } = JSON.parse(text("ro-crate-metadata.json")) as {
    "@context": string;
    "@graph": Entity[];
  };
  assert.equal(context, "https://w3id.org/ro/crate/1.1/context");
  const entities = new Map(graph.map((entity) => [entity["@id"], entity]));
  assert.equal(entities.size, graph.length, "each id once");
  assert.deepEqual(entities.get("ro-crate-metadata.json"), {
    "@id": "ro-crate-metadata.json",
    "@type": "CreativeWork",
    conformsTo: { "@id": "https://w3id.org/ro/crate/1.1" },
    about: { "@id": "./" },
  });
  const root = entities.get("./") as Entity;
  assert.equal(root["@type"], "Dataset");
  for (const needed of ["name", "description", "license"]) assert.ok(root[needed], needed);
  assert.match(String(root.datePublished), /^\d{4}-\d\d-\d\d$/);
  assert.match(String(root.description), /phantom: not comparable/);
  // Whatever is referred to is described, and whatever lies here is part of it.
  for (const { "@id": id, "@type": type, ...properties } of graph)
    for (const value of Object.values(properties).flat())
      if (
        typeof value === "object" &&
        value !== null &&
        "@id" in value &&
        !(id === "ro-crate-metadata.json" && type === "CreativeWork")
      )
        assert.ok(entities.has(String(value["@id"])), String(value["@id"]));
  const parts = (root.hasPart as { "@id": string }[]).map((part) => decodeURI(part["@id"]));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true } as never) as unknown as {
    isFile(): boolean;
    name: string;
    path: string;
  }[];
  const found = files
    .filter((file) => file.isFile())
    .map(({ path, name }) => join(path, name).slice(folder.length + 1));
  assert.deepEqual([...parts, "ro-crate-metadata.json"].sort(), found.sort());
  for (const part of parts) {
    const content = readFileSync(join(folder, part));
    const { sha256, contentSize } = entities.get(encodeURI(part)) as Entity;
    assert.equal(sha256, createHash("sha256").update(content).digest("hex"));
    assert.equal(contentSize, String(content.length));
  }
});

test("made again it has the same bytes, and what is no pack is left alone", async () => {
  const hash = () => createHash("sha256").update(text("ro-crate-metadata.json")).digest("hex");
  const first = hash();
  writeFileSync(join(folder, "stale.txt"), "of an earlier pack");
  await writePack("quick", folder);
  // The crate holds the hash of every other file.
  assert.equal(hash(), first);
  assert.ok(!existsSync(join(folder, "stale.txt")));
  const mine = join(own, "mine");
  mkdirSync(mine);
  writeFileSync(join(mine, "thesis.tex"), "mine");
  await assert.rejects(writePack("quick", mine), /holds something that is no pack; name a new folder with --out/);
  assert.deepEqual(readdirSync(mine), ["thesis.tex"]);
});

test("a figure comes as SVG and as PNG", () => {
  const names = readdirSync(join(folder, "figures"));
  assert.ok(names.includes("few-1.svg") && names.includes("few-1.png"));
  assert.match(text("figures", "few-1.svg"), /^<svg /);
  assert.deepEqual([...readFileSync(join(folder, "figures", "few-1.png")).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
});
