import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/core/project-root";
import { adaptations, trainings } from "../../lib/methods/registry";

for (const [folder, methods] of [
  ["train", trainings],
  ["adapt", adaptations],
] as const) {
  const files = readdirSync(join(projectRoot, "lib", "methods", folder));
  const textOf = (file: string) => readFileSync(join(projectRoot, "lib", "methods", folder, file), "utf8");

  test(`lib/methods/${folder} holds one method a file, which the registry knows, and which fits on a screen`, () => {
    // Two test-time methods share their names with a federation or with what they are: their file says which.
    const ids = files.map((file) => /^ +id: "([a-z0-9-]+)",$/m.exec(textOf(file))?.[1]);
    assert.deepEqual([...ids].sort(), methods.map(({ id }) => id).sort());
    for (const file of files) {
      const lines = textOf(file).split("\n").length - 1;
      assert.ok(lines < 60, `${file} has ${lines} lines: what is mathematics belongs in lib/methods/parts`);
    }
  });
}

test("every parameter says its symbol or what it is, and has a default", () => {
  for (const { id, params } of [...trainings, ...adaptations]) {
    const { shape = {} } = params as { readonly shape?: Readonly<Record<string, { readonly description?: string }>> };
    for (const [name, schema] of Object.entries(shape)) assert.ok(schema.description, `${id}: ${name} has no words`);
    assert.doesNotThrow(() => params.parse({}), `${id} cannot be used as it is`);
    assert.throws(() => params.parse({ strange: 1 }), `${id} takes what it does not know`);
  }
});
