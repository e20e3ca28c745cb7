import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../lib/core/project-root";
import { recordSchema } from "../../lib/records/schema";
import { applyBlock, patched, titledBlocks } from "./support/guide";
import { createScratchProject } from "./support/scratch-project";

const blocks = titledBlocks(readFileSync(join(projectRoot, "CONTRIBUTING.md"), "utf8"));
const scratch = createScratchProject();
after(scratch.remove);

const isWalk = ({ title }: { readonly title: string }) => title === "walk";
/** The commands of the two walks, line by line. */
const [training, adapting] = blocks.filter(isWalk).map(({ text }) => text.trim().split("\n"));

/** What the runner prints of a test that passed; Node.js 20 marks skipped ones as passed too. */
const passed = (name: string) => new RegExp(`^\\s*(ok \\d+ -|✔) ${name}(?!.*# SKIP)`, "m");

const recordOf = (experiment: string, file: string) =>
  recordSchema.parse(JSON.parse(readFileSync(join(scratch.root, "results", "tiny", experiment, file), "utf8")));

test("the guide's files are new ones, and fit the contract by type", () => {
  const files = blocks.filter((block) => block.language === "ts");
  assert.equal(files.length, 4);
  for (const { title } of files) assert.ok(!existsSync(join(projectRoot, title)), `${title} is there already`);
  blocks.filter((block) => !isWalk(block)).forEach((block) => applyBlock(scratch.root, block));
  const config = { extends: "./tsconfig.json", include: [], files: files.map(({ title }) => title) };
  writeFileSync(join(scratch.root, "tsconfig.guide.json"), JSON.stringify(config));
  const compiler = join(projectRoot, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.guide.json"], {
    cwd: scratch.root,
    encoding: "utf8",
  });
  assert.equal(stdout, "");
});

test("a training-time method of the guide stands in a table, passes its test, and the conformance suite finds it", () => {
  const [run, ownTest, conformance] = training;
  assert.match(scratch.run(run), /^fedavgm +0\.\d{3}/im);
  const [own, fedavg] = ["fedavgm", "fedavg"].map((id) => recordOf("inside-prostate", `${id}.seed0.json`));
  assert.ok(own.kind === "federation" && fedavg.kind === "federation" && own.models.global);
  assert.notEqual(own.models.global, fedavg.models.global, "what ran was not the method's own file");
  assert.match(scratch.run(ownTest), passed("without momentum it is FedAvg"));
  assert.match(scratch.run(conformance), passed("fedavgm"));
});

test("so does a test-time method", () => {
  const [run, ownTest, conformance] = adapting;
  assert.match(scratch.run(run), /^alpha-bn +.*0\.\d{3}/im);
  const record = recordOf("outside-prostate", "alpha-bn.HK.seed0.json");
  assert.ok(record.kind === "adaptation" && record.epochs[0].cases.length > 0);
  assert.match(scratch.run(ownTest), passed("with alpha = 1 it is the global model, with less it is not"));
  assert.match(scratch.run(conformance), passed("alpha-bn"));
});

test("a line of the guide that the project no longer has is named", () => {
  assert.equal(patched("a\nb\n", " a\n+c\n", "file"), "a\nc\nb\n");
  assert.throws(() => patched("b\n", " a\n+c\n", "file"), { message: 'file has "a" 0 times, not once' });
  assert.throws(() => patched("a\na\n", " a\n+c\n", "file"), { message: 'file has "a" 2 times, not once' });
});
