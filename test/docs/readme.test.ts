import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/core/project-root";

const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");

test("the method that README shows is the one that runs", () => {
  const [, shown] = /## Add a method[\s\S]*?```ts\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
  assert.ok(shown);
  const indented = shown.trimEnd().replace(/^(?=.)/gm, "  ");
  assert.ok(read("lib/methods/train/iop-fl.ts").includes(indented), `iop-fl.ts has no\n${indented}`);
});
