/** `npm run docs`: what it publishes is documented, or is named in typedoc.json as what need not be. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../lib/core/project-root";
import { scripts } from "../../package.json";

const folder = mkdtempSync(join(tmpdir(), "iopfl-api-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the documentation of the notebooks' door and of the method contract is written, and its links lead somewhere", () => {
  assert.equal(scripts.docs, "typedoc");
  const typedoc = join(projectRoot, "node_modules", "typedoc", "bin", "typedoc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, "--out", folder], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout + stderr);
  const pages = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => path.endsWith(".html"));
  assert.ok(pages.includes("index.html") && pages.length > 50);
  const dead = pages.flatMap((path) =>
    Array.from(
      readFileSync(join(folder, path), "utf8").matchAll(/(?:href|src)="([^"#:]+)(?:#[^"]*)?"/g),
      ([, to]) => to,
    )
      .filter((to) => !existsSync(join(folder, dirname(path), decodeURIComponent(to))))
      .map((to) => `${path}: ${to}`),
  );
  assert.deepEqual([...new Set(dead)], []);
  // Names of files are no hosts.
  for (const path of pages) assert.doesNotMatch(readFileSync(join(folder, path), "utf8"), /href="http:/, path);
});
