import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { version } from "../../package.json";
import { projectRoot } from "../../lib/core/project-root";

const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");
const dockerfile = read("Dockerfile");
const instructions = (name: string) =>
  Array.from(dockerfile.matchAll(new RegExp(`^${name} (.*)$`, "gm")), ([, rest]) => rest);

test("the image is built from one pinned base and runs as nobody's root", () => {
  const bases = instructions("FROM").map((base) => base.split(" ")[0]);
  const pinned = bases.filter((base) => base.includes(":"));
  assert.equal(new Set(pinned).size, 1);
  assert.match(pinned[0], /^node:\d+\.\d+\.\d+-bookworm-slim$/);
  assert.deepEqual(instructions("USER"), ["1000:1000"]);
});

test("it is what the manifest of the cluster names: folder, command and user", () => {
  const { spec } = parse(read("configs/cluster/kubernetes.yaml")).spec.template;
  const [{ image, workingDir, command }] = spec.containers;
  assert.match(dockerfile, new RegExp(`--tag ${image} `));
  assert.equal(instructions("WORKDIR").at(-1), workingDir);
  assert.ok(existsSync(join(projectRoot, command[1])));
  const { runAsNonRoot, runAsUser, runAsGroup } = spec.securityContext;
  assert.deepEqual([runAsNonRoot, `${runAsUser}:${runAsGroup}`], [true, instructions("USER")[0]]);
});

test("what must not be in an image is left out of it, and what it needs is not", () => {
  const ignored = read(".dockerignore").split("\n");
  for (const path of [".git", ".workbench", "node_modules", "results", "dataset/*", "**/.env*"])
    assert.ok(ignored.includes(path), path);
  for (const path of ["lib", "configs", "package.json", "package-lock.json", ".npmrc", "tsconfig.json"])
    assert.ok(!ignored.includes(path), path);
});

test("the development container has the tools of the image, and the same extensions as VS Code recommends", () => {
  const container = JSON.parse(read(".devcontainer/devcontainer.json"));
  assert.ok(dockerfile.includes(` AS ${container.build.target}\n`));
  const { recommendations } = JSON.parse(read(".vscode/extensions.json"));
  assert.deepEqual(container.customizations.vscode.extensions, recommendations);
});

test("the citation names this version, and the paper by its identifier", () => {
  const citation = parse(read("CITATION.cff"));
  assert.equal(citation["cff-version"], "1.2.0");
  assert.deepEqual([citation.type, citation.version, citation.license], ["software", version, "MIT"]);
  const [paper] = citation.references;
  assert.deepEqual([paper.type, paper.doi], ["article", "10.1109/TMI.2023.3263072"]);
  for (const { type, title, authors } of [citation, paper]) assert.ok(type && title && authors.length > 0);
  assert.match(read("CHANGELOG.md"), new RegExp(`^## \\[${version}\\]`, "m"));
});
