import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { WorkbenchError } from "../../lib/core/errors";
import { parseConfig } from "../../lib/io/config";

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
