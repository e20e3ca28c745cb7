import assert from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sha256 } from "../../lib/core/hash";
import type { Outcome } from "../../lib/hospital/outcome";
import { readNifti } from "../../lib/io/nifti";
import { readSnapshot } from "../../lib/lab/jobs/snapshot-file";
import { createBench } from "../lab/support/small-experiment";

const bench = createBench();
const folder = mkdtempSync(join(tmpdir(), "iopfl-hospital-"));
const images = join(folder, "images");
const markup = `<img src=x onerror="alert('a')">.nii.gz`;
const controls = "a\nb\x1b[31m.nii.gz";
after(() => {
  bench.remove();
  rmSync(folder, { recursive: true, force: true });
});
const common = ["--models", "inside", "--profile", "small", "--engine", "wasm", "--train", "iop-fl"];
const adapt = (out: string, more: readonly string[] = [], interruptAt?: RegExp) =>
  bench.iopfl(["adapt", ...common, "--method", "iop-fl", "--images", images, "--out", join(folder, out), ...more], {
    interruptAt,
  });
const predict = (out: string, ...more: string[]) =>
  bench.iopfl(["predict", ...common, "--images", images, "--out", join(folder, out), ...more]);
const look = () =>
  readdirSync(images).map((name) => [
    name,
    sha256(readFileSync(join(images, name))),
    statSync(join(images, name)).mtimeMs,
  ]);

before(async () => {
  const { code, output } = await bench.iopfl([
    "run",
    "inside",
    "--profile",
    "small",
    "--engine",
    "wasm",
    "--only",
    "method=iop-fl",
  ]);
  assert.equal(code, 0, output);
  mkdirSync(images);
  const phantom = join(bench.work, "data", readdirSync(join(bench.work, "data"))[0], "UCL");
  const scans = readdirSync(phantom).filter((name) => !/seg/i.test(name));
  [markup, controls, "plain.nii.gz"].forEach((name, i) => copyFileSync(join(phantom, scans[i]), join(images, name)));
});

test("images without masks become masks, a sheet, a page and a record; what is damaged costs itself alone", async () => {
  writeFileSync(join(images, "web.nii.gz"), "<!doctype html><html>");
  writeFileSync(join(images, "readme.txt"), "no image");
  const given = look();
  const { code, output } = await adapt("out");
  assert.equal(code, 1, output);
  assert.match(output, /^web\.nii\.gz: is a web page, not a NIfTI volume; .*$/m);
  assert.match(output, /^3 masks made, 0 kept, with engine wasm; /m);
  assert.match(output, /^iopfl: 1 of 4 images have no new mask; /m);
  assert.ok(!output.includes("\x1b[31m"), "a name is shown and not obeyed");
  assert.deepEqual(look(), given, "images are only read");
  for (const name of [markup, controls, "plain.nii.gz"]) {
    const [image, mask] = [images, join(folder, "out", "masks")].map((from) =>
      readNifti(readFileSync(join(from, name)), name),
    );
    assert.deepEqual([mask.shape, mask.affine, mask.spacing], [image.shape, image.affine, image.spacing]);
  }
  const record = JSON.parse(readFileSync(join(folder, "out", "record.json"), "utf8")) as Outcome;
  assert.deepEqual(record.images.map(({ name }) => name).sort(), [markup, controls, "plain.nii.gz"].sort());
  assert.deepEqual([record.refused.map(({ name }) => name), record.leftOut], [["web.nii.gz"], ["readme.txt"]]);
  assert.ok(!JSON.stringify(record).includes(folder), "no place on this machine");
  assert.deepEqual([...readFileSync(join(folder, "out", "contact-sheet.png")).subarray(1, 4)], [...Buffer.from("PNG")]);
});

test("the page runs no script, loads nothing, and shows names as text", () => {
  const page = readFileSync(join(folder, "out", "summary.html"), "utf8");
  assert.match(
    page,
    /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;/,
  );
  assert.ok(!/<script|<iframe|<link|src="(?!data:image\/png)|href=|\son\w+="/i.test(page));
  assert.match(page, /&#60;img src=x onerror=&#34;alert\(&#39;a&#39;\)&#34;&#62;\.nii\.gz/);
  assert.ok(page.includes("a\\nb") || page.includes("a\nb"));
  for (const what of ["confidence before", "entropy before", "Gates", "what to distrust", "web.nii.gz"])
    assert.ok(page.includes(what), what);
});

test("the same command keeps what is finished", async () => {
  unlinkSync(join(images, "web.nii.gz"));
  const { code, output } = await adapt("out");
  assert.equal(code, 0, output);
  assert.match(output, /^0 masks made, 3 kept/m);
});

test("what was stopped goes on, to the same bytes", async () => {
  const stopped = await adapt("stopped", [], /\d %/);
  assert.equal(stopped.code, 130, stopped.output);
  const gone = await adapt("stopped");
  assert.equal(gone.code, 0, gone.output);
  for (const file of ["record.json", "contact-sheet.png", "masks/plain.nii.gz"])
    assert.ok(readFileSync(join(folder, "stopped", file)).equals(readFileSync(join(folder, "out", file))), file);
});

test("what depends on something that changed is made again, and a mask that was corrected by hand is left", async () => {
  appendFileSync(join(folder, "out", "masks", "plain.nii.gz"), "corrected by hand");
  const { code, output } = await adapt("out", ["--set", "learningRate=0.01"]);
  assert.equal(code, 1);
  assert.match(output, /"masks\/plain\.nii\.gz" in the folder of results is not as it was made here/);
  assert.match(output, /^2 masks made, 0 kept/m);
  assert.match(readFileSync(join(folder, "out", "masks", "plain.nii.gz"), "latin1"), /corrected by hand$/);
});

test("one model predicts each image by itself: a new one leaves the others as they are", async () => {
  const first = await predict("by-HK", "--site", "HK");
  assert.match(first.output, /^3 masks made, 0 kept/m);
  copyFileSync(join(images, "plain.nii.gz"), join(images, "twin.nii.gz"));
  const { code, output } = await predict("by-HK", "--site", "HK", "--json");
  assert.equal(code, 0, output);
  const { made, kept, command } = JSON.parse(output.slice(output.indexOf("{"))) as Outcome & {
    made: number;
    kept: number;
  };
  assert.deepEqual([made, kept, command], [1, 3, "predict"]);
  const [plain, twin] = ["plain", "twin"].map((name) => readFileSync(join(folder, "by-HK", "masks", `${name}.nii.gz`)));
  assert.ok(plain.equals(twin));
});

test("what cannot be used is told in one line, before anything is made", async () => {
  const told = async (args: string[], why: RegExp) => {
    const { code, output } = await bench.iopfl(args);
    assert.equal(code, 1, output);
    assert.match(output, why);
    assert.equal(output.trim().split("\n").length, 1, output);
  };
  const [to, from] = [
    ["--out", join(folder, "never")],
    ["--images", images],
  ];
  await told(
    ["adapt", ...common, ...to, ...from, "--method", "iopfl"],
    /unknown test-time method "iopfl"; did you mean "iop-fl"\?/,
  );
  await told(
    ["predict", ...common, ...to, ...from, "--site", "HKX"],
    /there is no model of "HKX" .*did you mean "HK"\?/,
  );
  await told(["predict", ...common, ...from, "--out", join(images, "out")], /lie in each other/);
  assert.ok(!readdirSync(folder).includes("never"));
});

test("a model leaves for PyTorch under the official names, and comes back", async () => {
  const to = join(folder, "model.safetensors");
  const { code, output } = await bench.iopfl([
    "export",
    "inside",
    "--profile",
    "small",
    "--method",
    "iop-fl",
    "--site",
    "UCL",
    "--to",
    to,
  ]);
  assert.equal(code, 0, output);
  assert.match(output, /^inside, profile small, iop-fl, seed 0, all sites, the model of UCL: U-Net of 2 features/);
  assert.ok(output.includes(`sha256 ${sha256(readFileSync(to))}`));
  assert.equal(readSnapshot(to).shape.features, 2);
});
