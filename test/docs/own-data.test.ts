import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../lib/core/project-root";
import { readNifti } from "../../lib/io/nifti";
import { madeFiles, madeSites, put, writeMadeSet } from "../data/own/made-set";

const guide = readFileSync(join(projectRoot, "docs/own-data.md"), "utf8");
const blocks = (language: string) =>
  Array.from(guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm")), ([, text]) => text);

const place = mkdtempSync(join(tmpdir(), "iopfl-guide-"));
after(() => rmSync(place, { recursive: true, force: true }));
const [configs, results, images] = ["configs", "results", "my-images"].map((name) => join(place, name));
const taskFile = join(configs, "tasks/hearts.yaml");

/** Runs a line of the guide in a place of its own, on the engine that every machine has. */
function follow(line: string): string {
  const [, ...words] = line.replace("my-images", images).split(" ").slice(1);
  const engine = ["run", "adapt", "predict"].includes(words[0]) ? ["--engine", "wasm", "--quiet"] : [];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(projectRoot, "lib/cli/iopfl.cjs"), ...words, ...engine],
    {
      cwd: place,
      encoding: "utf8",
      env: { ...process.env, IOPFL_CONFIGS: configs, IOPFL_RESULTS: results, IOPFL_WORK: join(place, "work") },
    },
  );
  assert.equal(status, 0, `${line}\n${stdout}${stderr}`);
  return stdout;
}

const filesBelow = (folder: string) =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => /\.(json|html)$/.test(name));

test("the guide leads from a raw folder of three sites and three classes to the page, and no name of a file goes with it", () => {
  cpSync(join(projectRoot, "configs"), configs, { recursive: true });
  writeMadeSet(images, 3);
  const [classes, profile] = blocks("yaml");
  const lines = blocks("sh").flatMap((block) => block.trim().split("\n"));
  assert.deepEqual(
    lines.map((line) => line.split(" ").slice(1, 4).join(" ")),
    [
      ...["iopfl data new", "iopfl data check", "iopfl run inside", "iopfl run outside", "iopfl report --profile"],
      ...["iopfl adapt --models", "iopfl predict --models"],
    ],
  );
  const [make, check, inside, outside, report, ...onNewImages] = lines;
  assert.match(follow(make), /volumes, folders: Alpenklinik 3, Bergamo 3, Coimbra-2 3/);
  const draft = readFileSync(taskFile, "utf8");
  writeFileSync(taskFile, draft.replace(/^classes:\n(  - .*\n)+/m, classes));
  assert.notEqual(readFileSync(taskFile, "utf8"), draft);
  writeFileSync(join(configs, "profiles/first.yaml"), profile);
  assert.match(follow(check), /hearts: 9 cases of 3 sites can be used/);
  assert.ok(existsSync(join(place, "work/data/hearts-check.html")));
  const table = follow(inside);
  assert.match(table, /Alpenklinik +Bergamo +Coimbra-2 +all sites \[95 %\] +wall +cavity +HD95 mm/);
  for (const method of ["local-only", "fedavg", "iop-fl"])
    assert.match(table, new RegExp(`^${method} +\\d\\.\\d`, "m"));
  assert.match(follow(outside), /^Outside, hearts: Dice on the site that was held out/);
  follow(report);
  assertPrivate();
  const page = readFileSync(join(results, "first/report.html"), "utf8");
  assert.match(page, /Does inside personalization help each client\? hearts/);
  assert.match(page, /Dice, mean of wall and cavity/);
  assert.doesNotMatch(page, /were measured on a phantom/);
  for (const line of onNewImages) followOnNewImages(line);
  // Models belong to the rules that they were trained by.
  writeFileSync(
    taskFile,
    readFileSync(taskFile, "utf8").replace("normalisation: z-score", "normalisation: { window: [0, 9] }"),
  );
  assert.throws(
    () => followOnNewImages(onNewImages[1]),
    /the rules of task hearts changed since these models were trained/,
  );
});

/** Segments cases that were never trained on: their masks lie as they do, and hold classes of the task. */
function followOnNewImages(line: string): void {
  const [bergamo] = madeSites.filter(({ name }) => name === "Bergamo");
  put(place, "new-images/fresh.nii.gz", madeFiles(bergamo, 7).image);
  put(place, "new-images/more/fresh.nii.gz", madeFiles(bergamo, 8).image);
  assert.match(follow(line), /2 masks made, 0 kept/);
  const out = / --out (\S+)/.exec(line)?.[1] ?? "";
  for (const name of ["fresh.nii.gz", "more/fresh.nii.gz"]) {
    const read = (folder: string) => readNifti(readFileSync(join(place, folder, name)), name);
    const [image, mask] = [read("new-images"), read(`${out}/masks`)];
    assert.deepEqual([mask.shape, mask.spacing, mask.affine], [image.shape, image.spacing, image.affine]);
    assert.ok(mask.voxels.every((value) => [0, 1, 2].includes(value)));
  }
  assert.match(readFileSync(join(place, out, "summary.html"), "utf8"), /rgb\(230,159,0\)">&#9632;<\/span> wall/);
}

/** Records and the page hold numbers in place of names, and no path. */
function assertPrivate(): void {
  const found = filesBelow(results);
  assert.ok(found.length >= 3 + 3 + 6, found.join(" "));
  for (const name of found) {
    const text = readFileSync(join(results, name), "utf8");
    assert.equal(/scan-\d|my-images|nii\.gz|iopfl-guide/.exec(text)?.[0], undefined, name);
    if (/hearts\/[^/]*\.json$/.test(name)) assert.ok(/"id": ?"case-00\d"/.test(text), name);
  }
}
