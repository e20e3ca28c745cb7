import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { realData } from "../../lib/cli/commands/doctor-data";
import { printFindings } from "../../lib/cli/commands/data-findings";
import { prostateSites, prostateSite } from "../../lib/data/sets/prostate/sites";
import { imageSets } from "../../lib/data/sets/image-sets";

const root = mkdtempSync(join(tmpdir(), "iopfl-doctor-"));
after(() => rmSync(root, { recursive: true, force: true }));
const folder = join(root, "dataset/prostate");
const prostate = () => realData(root)[0];
function put(site: string, ids: readonly string[]): void {
  mkdirSync(join(folder, site), { recursive: true });
  for (const id of ids)
    for (const name of [`${id}.nii.gz`, `${id}_segmentation.nii.gz`]) writeFileSync(join(folder, site, name), "");
}

test("data that are not whole are not ok, however many cases there are", () => {
  assert.deepEqual([prostate().state, prostate().text], ["absent", "not needed for the phantom"]);
  put("HK", prostateSite("HK").cases);
  assert.deepEqual([prostate().state, prostate().text], ["partly", "dataset/prostate: 12 of 116 cases"]);
  assert.match(prostate().hint ?? "", /npx iopfl data verify dataset\/prostate names the rest/);
  for (const site of prostateSites) put(site, prostateSite(site).cases);
  assert.deepEqual([prostate().state, prostate().text], ["ok", "dataset/prostate: 116 of 116 cases"]);
  writeFileSync(join(folder, "HK", "Case38 (1).nii.gz"), "");
  assert.equal(prostate().state, "partly");
});

test("names of files are printed and not obeyed", (context) => {
  const written: string[] = [];
  context.mock.method(process.stdout, "write", (text: string) => written.push(text) > 0);
  const [name, plain] = ["\x1b[2J\rCase\u202e", "\\x1b[2J\\x0dCase\\u202e"];
  const plan = { cases: [], missing: [], faults: [`${name} is odd`], notes: [`${name} holds more`] };
  const result = { cases: [], faults: [`${name}: broken`], notes: [`${name}: torn`] };
  const faults = printFindings(imageSets.prostate, { refused: [name] }, plan, result);
  context.mock.restoreAll();
  assert.equal(faults, 3);
  assert.deepEqual(written.slice(-5), [
    `NOTE ${plain} holds more\n`,
    `ODD torn: ${plain}\n`,
    `FAULT ${plain} is a link or no file, which is not followed\n`,
    `FAULT ${plain} is odd\n`,
    `FAULT ${plain}: broken\n`,
  ]);
});
