import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { WorkbenchError } from "../../lib/core/errors";
import { parseConfig, readConfig } from "../../lib/io/config";

const schema = z.strictObject({ rounds: z.int().positive(), sites: z.array(z.enum(["HK", "UCL"])) });
const refuses = (text: string, message: RegExp) =>
  assert.throws(
    () => parseConfig(text, schema, "a.yaml"),
    (error) => error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n"),
    `${message}`,
  );

test("a good file gives typed values", () => {
  assert.deepEqual(parseConfig("rounds: 3\nsites: [HK, UCL]\n", schema, "a.yaml"), { rounds: 3, sites: ["HK", "UCL"] });
});

test("faults name the file, the line and the field", () => {
  refuses("rounds: 3\nsites: [HK\n", /^a\.yaml line \d: /);
  refuses("# comment\nrounds: -3\nsites: []\n", /^a\.yaml line 2: rounds: /);
  refuses("rounds: 3\nsites:\n  - HK\n  - HKX\n", /^a\.yaml line 4: sites\.1: /);
  refuses(
    "rounds: 3\nsites: []\nruonds: 4\n",
    /^a\.yaml line 3: ruonds: unknown key "ruonds", did you mean "rounds"\?; use one of rounds, sites$/,
  );
  refuses("rounds: 3\nrounds: 4\nsites: []\n", /^a\.yaml line 2: .*unique/);
  refuses("", /^a\.yaml: the file: /);
});

test("a misspelt key is named as such wherever it stands", () => {
  const nested = z.strictObject({
    training: z.strictObject({ optimiser: z.strictObject({ learningRate: z.number() }).optional() }),
    list: z.array(z.union([z.strictObject({ method: z.string() }), z.string()])).default([]),
  });
  const misspelt = (text: string, message: RegExp) =>
    assert.throws(() => parseConfig(text, nested, "n.yaml"), message, `${message}`);
  misspelt(
    "training:\n  optimiser:\n    learningRate: 1\n    learningrate: 2\n",
    /n\.yaml line 4: training\.optimiser\.learningrate: unknown key "learningrate", did you mean "learningRate"\?/,
  );
  misspelt("training: {}\nzzzzzz: 1\n", /n\.yaml line 2: zzzzzz: unknown key "zzzzzz"; use one of training, list/);
  misspelt('training: {}\n"a\\eb": 1\n', /unknown key "a\\x1bb"/);
});

test("aliases cannot unfold without end", () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(",")}]`);
  refuses(`l0: &l0 [x]\n${levels.join("\n")}\n`, /alias/i);
});

test("thousands of keys and of aliases cost no more than they are: what is compared or searched is bounded", () => {
  const keys = Array.from({ length: 19_000 }, (_, index) => `k${index}`);
  const all = parseConfig(`{${keys.join(",")}}`, z.record(z.string(), z.null()), "keys");
  assert.deepEqual(Object.keys(all), keys);
  assert.throws(
    () => parseConfig(`${keys.slice(0, 9000).join(": 1\n")}: 1\nk17: 2\n`, z.unknown(), "twice"),
    /twice line 9001: map keys must be unique: "k17"/,
  );
  const chain = Array.from({ length: 6000 }, (_, index) => `- &a${index} [*a${Math.max(0, index - 1)}]`).join("\n");
  assert.throws(() => parseConfig(chain, z.unknown(), "chain"), /chain: has 12000 anchors and aliases, more than 200/);
  assert.deepEqual(parseConfig("a: &x 1\nb: *x\nc: a * b & c\n", z.unknown(), "few"), { a: 1, b: 1, c: "a * b & c" });
});

test(
  "what is no plain file, or far too long, is told so without being read",
  { skip: process.platform === "win32" && "no named pipes" },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "iopfl-config-"));
    try {
      const [pipe, long] = [join(folder, "pipe.yaml"), join(folder, "long.yaml")];
      execFileSync("mkfifo", [pipe]);
      writeFileSync(long, "a: 1\n".repeat(1_000_000));
      const said = (path: string, name: string) => {
        try {
          return readConfig(path, z.unknown(), name);
        } catch (error) {
          return (error as WorkbenchError).problem;
        }
      };
      assert.equal(said(pipe, "p.yaml"), "p.yaml is no plain file");
      assert.equal(said("/dev/zero", "z.yaml"), "z.yaml is no plain file");
      assert.equal(said(folder, "f.yaml"), "f.yaml is a folder");
      assert.equal(said(long, "l.yaml"), "l.yaml has 5000000 bytes, more than 200000");
      assert.equal(said(join(folder, "none.yaml"), "n.yaml"), "cannot read n.yaml (ENOENT)");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test("texts that would exhaust the parser are refused before it starts", () => {
  for (const piece of ["[", "{a: ", "- ", "? ", "[? "]) {
    assert.throws(
      () => parseConfig(piece.repeat(20_000), z.unknown(), "deep"),
      /deep: line 1 nests more than 100 deep/,
      piece,
    );
  }
  assert.throws(
    () => parseConfig("a: 1\n".repeat(15_000), z.unknown(), "many"),
    /many: has 30000 lines, keys and items/,
  );
  assert.throws(() => parseConfig("a: 1\n".repeat(50_000), z.unknown(), "long"), /long: has 250000 characters/);
  assert.deepEqual(
    parseConfig(
      `a: ${"[".repeat(90)}${"]".repeat(90)}\n# ${"-".repeat(200)}\nb: {c: 1}`,
      z.looseObject({ b: z.unknown() }),
      "fine",
    ).b,
    { c: 1 },
  );
});
