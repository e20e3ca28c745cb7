import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openOwnFolder } from "../../lib/hospital/own-folder";

const root = mkdtempSync(join(tmpdir(), "iopfl-own-"));
after(() => rmSync(root, { recursive: true }));
const at = (...parts: string[]) => join(root, ...parts);
const text = (...parts: string[]) => readFileSync(at(...parts), "utf8");

test("what was written here is written over, what somebody changed is not", () => {
  const out = openOwnFolder(at("a"));
  out.write("masks/one", "first");
  out.write("masks/one", "second");
  assert.equal(text("a", "masks/one"), "second");
  writeFileSync(at("a", "masks/one"), "by hand");
  const again = openOwnFolder(at("a"));
  assert.throws(
    () => again.write("masks/one", "third"),
    /"masks\/one" in the folder of results is not as it was made here/,
  );
  assert.equal(again.read("masks/one"), undefined);
  assert.equal(text("a", "masks/one"), "by hand");
  writeFileSync(at("a", "stranger"), "x");
  assert.throws(() => again.assertOwn("stranger"), /is not as it was made here/);
});

test("a process that was killed between ledger and file is told from a stranger", () => {
  const out = openOwnFolder(at("b"));
  out.write("one", "old");
  // The ledger names the new content before it is there; the old one is left.
  const ledger = JSON.parse(text("b", "made-here.json")) as { files: Record<string, string[]> };
  ledger.files.one = ["hash of what was never written", ...ledger.files.one];
  writeFileSync(at("b", "made-here.json"), JSON.stringify(ledger));
  const again = openOwnFolder(at("b"));
  assert.equal(Buffer.from(again.read("one") as Uint8Array).toString(), "old");
  again.write("one", "new");
  assert.equal(text("b", "one"), "new");
});

test("a folder that holds something else is left alone, an empty one is taken", () => {
  for (const [name, content] of [
    ["thesis.tex", "years of work"],
    ["made-here.json", "{}"],
  ]) {
    mkdirSync(at(`of ${name}`));
    writeFileSync(at(`of ${name}`, name), content);
    assert.throws(
      () => openOwnFolder(at(`of ${name}`)),
      /is not empty and not a folder of results; .*nothing in it was touched/,
    );
    assert.equal(text(`of ${name}`, name), content);
  }
  writeFileSync(at("file"), "");
  assert.throws(() => openOwnFolder(at("file")), /not empty and not a folder of results/);
  mkdirSync(at("empty"));
  openOwnFolder(at("empty")).write("x", "y");
  assert.equal(text("empty", "x"), "y");
});

test("links out of the folder are not followed", () => {
  mkdirSync(at("elsewhere"));
  const out = openOwnFolder(at("c"));
  symlinkSync(at("elsewhere"), at("c", "masks"));
  assert.throws(() => out.write("masks/one", "x"), /"masks" in the folder of results is a link/);
  assert.ok(!existsSync(at("elsewhere", "one")));
  symlinkSync(at("file"), at("c", "two"));
  assert.throws(() => out.write("two", "x"), /"two" in the folder of results is not as it was made here/);
  assert.equal(text("file"), "");
});
