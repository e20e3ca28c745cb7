import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { engines } from "../package.json";
import { licenceOf, lockedPackages, nameOf, pagePath, thirdPartyPage } from "./third-party";

const root = join(__dirname, "..");

/** Licences under which we may use, change and pass on what they are on; each word of an expression must be one. */
const allowed = [
  ...["MIT", "ISC", "0BSD", "Unlicense", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0", "Python-2.0"],
  ...["MPL-2.0"], // of files that we do not change
];
/** DejaVu's and Bitstream Vera's own: free to use, embed and pass on. */
const named: Readonly<Record<string, string>> = { "dejavu-fonts-ttf": "SEE LICENSE IN README.md AND LICENSE" };

test("every package has a licence that allows what we do with it, and is on the list", () => {
  for (const [place, locked] of lockedPackages()) {
    const licence = licenceOf(place, locked);
    const words = licence.replace(/[()]/g, "").split(/ (?:AND|OR) /);
    const known = words.every((word) => allowed.includes(word)) || named[nameOf(place)] === licence;
    assert.ok(known, `${place}: ${licence}`);
  }
  assert.equal(readFileSync(pagePath, "utf8"), thirdPartyPage(), "npm run licences writes the list anew");
});

test("every package is pinned by its content", () => {
  for (const [place, { integrity }] of lockedPackages()) assert.match(integrity ?? "", /^sha512-/, place);
});

test("Python's packages are pinned by the SHA-256 of their files, and the lists agree", () => {
  for (const folder of ["lib", "test"].map((each) => join(root, each, "notebook/jupyter"))) {
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    const wanted = read("requirements.txt").match(/^[\w.-]+==[\w.]+$/gm) ?? [];
    const locked = read("requirements.lock")
      .replace(/^#.*$/gm, "")
      .trim()
      .split(/\n(?=\S)/);
    for (const entry of locked)
      assert.match(entry, /^[\w.-]+==[\w.]+( ; [^\\]+)? \\(\n    --hash=sha256:[0-9a-f]{64}( \\)?)+$/);
    assert.ok(wanted.length > 0);
    const names = locked.map((entry) => entry.split(" ")[0].replaceAll("_", "-"));
    for (const each of wanted) assert.ok(names.includes(each.replaceAll("_", "-")), each);
  }
});

test("what is given up and has published faults is not installed", () => {
  const versions = new Map<string, number[][]>();
  for (const [place, { version }] of lockedPackages())
    versions.set(nameOf(place), [...(versions.get(nameOf(place)) ?? []), version.split(".").map(Number)]);
  for (const name of ["request", "tough-cookie", "xlsx"]) assert.equal(versions.get(name), undefined, name);
  assert.ok(versions.get("form-data")?.every(([major]) => major >= 4));
  assert.ok(versions.get("tar")?.every(([major]) => major >= 7));
  for (const name of ["request", "xlsx"])
    assert.ok(existsSync(join(root, "node_modules", name, "index.cjs")), `${name} is our stand-in`);
});

test("the workflow runs the versions of Node.js that README names, the oldest being that of package.json", () => {
  const workflow = readFileSync(join(root, ".github/workflows/ci.yml"), "utf8");
  const run = [...(workflow.match(/node: \[(.*)\]/)?.[1].matchAll(/"([\d.]+)"/g) ?? [])].map(([, version]) => version);
  const readme = readFileSync(join(root, "README.md"), "utf8").match(/Node\.js ([\d.]+) or newer \((.*?) are tested\)/);
  assert.deepEqual(run, [readme?.[1], ...(readme?.[2].split(/, | and /).slice(1) ?? [])]);
  assert.equal(engines.node, `>=${run[0]}`);
});
