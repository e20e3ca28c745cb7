import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashNumbers } from "../../lib/lab/status/verify";
import { readCertificates } from "../../lib/records/release/certificate";
import { manifestSchema, readManifest } from "../../lib/records/release/manifest";
import { migrated } from "../../lib/records/release/migrate";
import { readPictures } from "../../lib/records/release/pictures";
import { readReleased } from "../../lib/records/release/released";
import { recordSchema } from "../../lib/records/schema";

const fixtures = join(__dirname, "..", "fixtures", "releases");
const samples = readdirSync(fixtures).filter((name) => name.startsWith("form-"));

test("today's form and schema have a sample that is committed", () => {
  const form = manifestSchema.shape.release.value;
  const schemas = recordSchema.options.map(({ shape }) => shape.schema.value);
  for (const schema of schemas) assert.ok(samples.includes(`form-${form}-schema-${schema}`), `${form}, ${schema}`);
});

for (const sample of samples)
  test(`every record, picture and certificate of ${sample} is read, and its numbers are what they were`, () => {
    process.env.IOPFL_RELEASES = join(fixtures, sample);
    const manifest = readManifest("small");
    assert.ok(manifest);
    const numbers = JSON.parse(readFileSync(join(fixtures, sample, "numbers.json"), "utf8")) as Record<string, string>;
    const found: Record<string, string> = {};
    for (const id of Object.keys(manifest.experiments)) {
      const { records, probes } = readReleased("small", id);
      for (const { name, record } of records.values()) found[`${id}/${name}`] = hashNumbers(record);
      assert.equal(probes.length > 0, id === "outside");
      assert.ok(readPictures("small", id).every(({ predictions }) => predictions.size > 0));
    }
    assert.deepEqual(found, numbers);
    assert.equal(readCertificates("small").length, 1);
  });

test("what is older is taken from step to step, and what no step knows stays for its schema to refuse", () => {
  const steps = {
    1: (older: object) => ({ ...older, schema: 2, added: true }),
    2: (older: object) => ({ ...older, schema: 3 }),
  };
  assert.deepEqual(migrated({ schema: 1 }, "schema", steps), { schema: 3, added: true });
  assert.deepEqual(migrated({ schema: 3 }, "schema", steps), { schema: 3 });
  assert.deepEqual(migrated({ schema: "constructor" }, "schema", steps), { schema: "constructor" });
});
