import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readNifti } from "../../lib/io/nifti";
import { createBench } from "../lab/support/small-experiment";

const bench = createBench();
const folder = mkdtempSync(join(tmpdir(), "iopfl-import-"));
const real = join(folder, "real");
after(() => {
  bench.remove();
  rmSync(folder, { recursive: true, force: true });
});
before(async () => {
  const { code, output } = await bench.iopfl([
    "data",
    "phantom",
    "two",
    "--profile",
    "small",
    "--out",
    join(folder, "in"),
  ]);
  assert.equal(code, 0, output);
  renameSync(join(folder, "in", "ISBI"), join(folder, "in", "RUNMC"));
});
const run = (...more: string[]) =>
  bench.iopfl([
    "data",
    "import",
    "prostate",
    join(folder, "in"),
    "--to",
    join(real, "prostate"),
    "--side",
    "32",
    ...more,
  ]);

test("an incomplete set is imported as far as it goes, with everything that is missing, and a failing exit code", async () => {
  const { code, output } = await run();
  assert.equal(code, 1, output);
  assert.match(output, /^HK: 3 of 12 cases, \d+ labelled slices \(published 158\)$/m);
  assert.match(output, /^all sites: 18 of 116 cases, \d+ labelled slices \(published 1867\)$/m);
  assert.equal(output.split("\n").filter((line) => line.startsWith("FAULT")).length, 6);
  assert.match(output, /^ODD slices of 32 x 32 pixels, published 384 x 384: .* and 12 more$/m);
  assert.match(output, /^import: 18 of 18 cases$/m);
  assert.match(output, /iopfl: 6 faults in .*; what can be used was imported; mend the rest and import again$/m);
});

test("a whole set passes: 116 cases, no fault, the official split", async () => {
  const profile = readFileSync(join(bench.configs, "profiles", "small.yaml"), "utf8")
    .replace("id: small", "id: whole")
    .replace("casesPerSite: 3, slices: 6", "casesPerSite: real, slices: 5");
  writeFileSync(join(bench.configs, "profiles", "whole.yaml"), profile);
  const whole = join(folder, "whole");
  const made = await bench.iopfl(["data", "phantom", "two", "--profile", "whole", "--out", whole]);
  assert.equal(made.code, 0, made.output);
  const { code, output } = await bench.iopfl([
    "data",
    "import",
    "prostate",
    whole,
    "--to",
    join(folder, "imported"),
    "--side",
    "32",
    "--split",
    "official",
  ]);
  assert.equal(code, 0, output);
  assert.match(output, /^all sites: 116 of 116 cases, /m);
  assert.match(
    output,
    /^split official .*: BIDMC 7\/2\/3, HK 7\/2\/3, I2CVB 12\/3\/4, ISBI 19\/5\/6, ISBI_1\.5 19\/5\/6, UCL 8\/2\/3;/m,
  );
  assert.doesNotMatch(output, /FAULT/);
});

test("splits are shown, and the official one is refused where cases are missing", async () => {
  const folds = await run("--split", "kfold", "--folds", "3");
  assert.match(folds.output, /^split fold 2 of 3 .*HK 1\/1\/1.*"split: \{ folds: 3, fold: 2 \}"/m);
  const official = await run("--split", "official");
  assert.equal(official.code, 1);
  assert.match(official.output, /iopfl: BIDMC has no official split of these 3 cases: missing/);
});

test("experiments run on what was imported", async () => {
  const profile = (
    split: string,
  ) => `id: real\npurpose: a test\ndata: { source: ${real}, side: 32, reading: intended${split} }\nnet: { features: 2 }
training: { rounds: 1, batch: 4, localEpochs: 1, optimiser: { kind: adam-amsgrad, learningRate: 0.001 } }\nadaptation: { batch: 5, epochs: 1 }\nseeds: [0]\n`;
  for (const split of ["", ", split: { folds: 3, fold: 1 }"]) {
    writeFileSync(join(bench.configs, "profiles", "real.yaml"), profile(split));
    const { code, output } = await bench.iopfl(["status", "--profile", "real", "--engine", "wasm"]);
    assert.equal(code, 0, output);
    assert.match(output, /inside/);
  }
});

test("a fundus phantom has the published layout, and verify reads either set and names a damaged image", async () => {
  writeFileSync(
    join(bench.configs, "tasks", "eyes.yaml"),
    "id: eyes\ntitle: Eyes\nset: fundus\nsites: [Domain1, Domain2]\nclasses: 3\ninChannels: 3\n",
  );
  const eyes = join(folder, "eyes");
  const made = await bench.iopfl(["data", "phantom", "eyes", "--profile", "small", "--out", eyes]);
  assert.equal(made.code, 0, made.output);
  const whole = await bench.iopfl(["data", "verify", eyes]);
  assert.match(whole.output, /^Domain2: 3 of 159 cases$/m);
  assert.equal(whole.code, 0);
  const images = join(eyes, "Domain4", "test", "ROIs", "image");
  const [name] = readdirSync(images);
  truncateSync(join(images, name), 60);
  const damaged = await bench.iopfl(["data", "verify", eyes]);
  assert.equal(damaged.code, 1);
  assert.match(damaged.output, new RegExp(`^FAULT Domain4/${name.slice(0, -4)} image: the PNG data are damaged`, "m"));
  const imported = await bench.iopfl(["data", "import", "fundus", eyes, "--to", join(real, "fundus"), "--side", "32"]);
  assert.match(imported.output, /^FAULT Domain4\/.* are damaged/m);
  assert.match(imported.output, /^all sites: 11 of 1060 cases$/m);
});

test("a phantom is made at any size asked for, whatever the profile", async () => {
  const other = join(folder, "other");
  const made = await bench.iopfl([
    "data",
    "phantom",
    "two",
    "--profile",
    "small",
    "--side",
    "48",
    "--slices",
    "5",
    "--cases",
    "4",
    "--out",
    other,
  ]);
  assert.equal(made.code, 0, made.output);
  assert.equal(readdirSync(join(other, "HK")).length, 8);
  assert.deepEqual(readNifti(readFileSync(join(other, "HK", "Case38.nii.gz")), "file").shape, [5, 48, 48]);
});

test("splits in a ratio are shown with the words for a profile", async () => {
  const { output } = await run("--split", "ratio", "--ratio", "1:1:1");
  assert.match(
    output,
    /^split ratio 1:1:1 \(train\/validation\/test\): BIDMC 1\/1\/1, .*write "split: \{ ratio: \[1, 1, 1\] \}" below data in the profile$/m,
  );
});

test("bad words are one line", async () => {
  for (const [args, message] of [
    [["data", "import", "brain", folder], /iopfl: unknown set "brain"; use one of prostate, fundus/],
    [["data", "import", "prostate", join(folder, "nowhere")], /iopfl: cannot read .*nowhere \(ENOENT\)/],
    [["data", "import", "fundus", join(folder, "in")], /holds no case of the fundus set/],
    [["data", "import", "prostate", folder, "--side", "40"], /invalid side 40/],
    [
      ["data", "import", "prostate", folder, "--split", "ratio", "--ratio", "7:0:2"],
      /invalid ratio "7:0:2"; give the shares/,
    ],
    [
      ["data", "phantom", "two", "--profile", "small", "--side", "384"],
      /another size than the profile's needs a place; give --out/,
    ],
  ] as const) {
    const { code, output } = await bench.iopfl(args);
    assert.equal(code, 1);
    assert.match(output, message);
    assert.equal(output.trim().split("\n").length, 1, output);
  }
});
