import assert from "node:assert/strict";
import { test } from "node:test";
import { checkTask } from "../../../lib/data/check/check-task";
import type { OwnTask } from "../../../lib/data/check/checked";
import { megabytesOf, siteLines } from "../../../lib/data/check/site-lines";
import { loadSite } from "../../../lib/data/set/load";
import { openSource } from "../../../lib/data/set/source";
import { imageSetOf } from "../../../lib/data/task/image-set";
import { taskSchema } from "../../../lib/data/task/task";
import { writeNifti } from "../../../lib/io/nifti";
import { withFolder } from "../support/temporary";
import { madeCase, madeFiles, madeSites, put, writeMadeSet } from "./made-set";

const taskWith = (rules: object = {}): OwnTask =>
  taskSchema.parse({
    ...{ id: "made", title: "Made", sites: madeSites.map(({ name }) => name), modality: "volume", inChannels: 3 },
    classes: [{ name: "background" }, { name: "wall" }, { name: "cavity" }],
    layout: { kind: "folders" },
    ...rules,
  }) as OwnTask;

/** Writes the made set, lets a test spoil it, and checks it. */
const checked = (spoil: (folder: string) => void, rules: object = {}, side = 32) =>
  withFolder((folder) => {
    writeMadeSet(folder, 3);
    spoil(folder);
    return checkTask(taskWith(rules), openSource(folder), side);
  });
const [alps] = madeSites;

test("a sound set has no fault; shapes, spacings and shares of classes are those that it was made with", () => {
  const { cases, faults, notes, panels } = checked(() => undefined);
  assert.deepEqual([faults, notes], [[], []]);
  assert.equal(panels.length, 9);
  const [line] = siteLines(taskWith(), cases);
  assert.deepEqual(
    [line.cases, line.slices, line.shape, line.spacing, line.axes],
    ["3", "15", "6 x 40 x 36", "4 x 1.2 x 1.2 mm", "RAS"],
  );
  const counts = [0, 0, 0];
  for (let place = 0; place < 3; place++) for (const label of madeCase(alps, place).mask) counts[label]++;
  const share = (label: number) => `${((100 * counts[label]) / (counts[0] + counts[1] + counts[2])).toPrecision(2)} %`;
  assert.equal(line.labels, `wall ${share(1)}, cavity ${share(2)}`);
});

test("a class that is too small for the size of a run is found before the run; memory is told", () => {
  const spoil = (folder: string) => {
    const { shape, spacing } = alps;
    const mask = new Uint8Array(6 * 40 * 36);
    mask[3 * 40 * 36 + 700] = 1;
    put(folder, "Alpenklinik/masks/scan-0.nii.gz", writeNifti({ voxels: mask, shape, spacing }));
  };
  const { faults, cases } = checked(spoil, {}, 16);
  assert.match(
    faults[0],
    /^Alpenklinik\/scan-0: nothing but background is left of the mask at 16 x 16 pixels; leave the case out/,
  );
  // Five slices of two cases, four of three and six of three, each with 4 bytes a pixel and 1 of its mask.
  assert.equal(megabytesOf(taskWith(), cases, 16), ((10 + 12 + 18) * 16 * 16 * 5) / 2 ** 20);
});

test("all that is wrong is told at once, each with its mend", () => {
  const { shape, spacing } = alps;
  const { cases, faults, notes } = checked((folder) => {
    const { image, mask } = madeFiles(alps, 0);
    put(folder, "Bergamo/images/scan-1.nii.gz", image); // the image of another site
    put(folder, "Bergamo/masks/scan-1.nii.gz", mask);
    put(
      folder,
      "Alpenklinik/masks/scan-1.nii.gz",
      writeNifti({ voxels: new Uint8Array(6 * 40 * 36).fill(5), shape, spacing }),
    );
    put(folder, "Coimbra-2/images/alone.nii.gz", image);
    put(folder, "Coimbra-2/images/scan-2.nii.gz", "not gzip at all");
  });
  assert.equal(cases.length, 7);
  const told = (pattern: RegExp) =>
    assert.ok(
      faults.some((fault) => pattern.test(fault)),
      `${pattern} in\n${faults.join("\n")}`,
    );
  told(/^Coimbra-2\/alone has no mask beside Coimbra-2\/images\/alone\.nii\.gz$/);
  told(/^Alpenklinik\/scan-1: the mask holds 5, of no class of the task/);
  told(/^Coimbra-2\/scan-2 image: is a text file/);
  told(
    /^Alpenklinik\/scan-0 and Bergamo\/scan-1 hold the same image, which would train and test; remove one, or name it in leaveOut$/,
  );
  told(/^Alpenklinik has 2 cases that can be used, and needs 3/);
  told(/^Coimbra-2 has 2 cases/);
  assert.equal(faults.length, 6);
  assert.match(notes.join("\n"), /Alpenklinik\/scan-0 and Bergamo\/scan-1 have the same mask; used as they are/);
});

test("masks that are nearly empty, and classes that a site lacks, are told and used", () => {
  const { faults, notes } = checked((folder) => {
    const { shape, spacing } = alps;
    for (let place = 0; place < 3; place++) {
      const mask = madeCase(alps, place).mask.map((label) => Math.min(label, 1));
      if (place === 2) mask.fill(0).fill(1, 3 * 40 * 36 + 700, 3 * 40 * 36 + 703);
      put(folder, `Alpenklinik/masks/scan-${place}.nii.gz`, writeNifti({ voxels: mask, shape, spacing }));
    }
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(notes, [
    "Alpenklinik/scan-2: nearly nothing is marked (3 voxels); used as it is",
    "Alpenklinik: no case shows cavity; its scores there are of empty masks",
  ]);
});

test("cases that are left out are not read; a name that is no case is a fault", () => {
  const spoil = (folder: string) => put(folder, "Bergamo/images/scan-0.nii.gz", "damaged");
  const { cases, faults } = checked(spoil, { leaveOut: ["Bergamo/scan-0", "Bergamo/none"] });
  assert.equal(cases.length, 8);
  assert.deepEqual(faults, [
    'leaveOut names "Bergamo/none", which is no case; write site/case',
    "Bergamo has 2 cases that can be used, and needs 3, to train, to validate and to test; add some, or leave the site out of the task",
  ]);
});

test("pseudonyms are numbers that tell nothing of names, and stay when a case is read again", () => {
  withFolder((folder) => {
    writeMadeSet(folder, 4);
    const ids = (pseudonyms: boolean) => {
      const { parts } = loadSite(imageSetOf(taskWith({ pseudonyms })), folder, "Bergamo", {
        side: 16,
        reading: "intended",
        seed: 1,
      });
      return [parts.train, parts.validation, parts.test].flatMap(({ cases }) => cases.map(({ id }) => id)).sort();
    };
    assert.deepEqual(ids(true), ["case-001", "case-002", "case-003", "case-004"]);
    assert.deepEqual(ids(false), ["scan-0", "scan-1", "scan-2", "scan-3"]);
  });
});

test("a split by the parts of a manifest is kept; a site that lacks one is refused", () => {
  withFolder((folder) => {
    writeMadeSet(folder, 4);
    const parts = ["train", "test", "validation", "train"];
    const lines = madeSites.flatMap(({ name }) =>
      parts.map((part, n) => `${name},c${n},${name}/images/scan-${n}.nii.gz,${name}/masks/scan-${n}.nii.gz,${part}`),
    );
    const list = (rows: readonly string[]) =>
      put(folder, "manifest.csv", ["site,case,image,mask,part", ...rows].join("\n"));
    const set = imageSetOf(taskWith({ layout: { kind: "manifest" }, split: "parts" }));
    const load = () => loadSite(set, folder, "Bergamo", { side: 16, reading: "intended", seed: 1 }).parts;
    list(lines);
    const idsOf = ({ cases }: { readonly cases: readonly { readonly id: string }[] }) => cases.map(({ id }) => id);
    assert.deepEqual([load().train, load().validation, load().test].map(idsOf), [["c0", "c3"], ["c2"], ["c1"]]);
    list(lines.filter((line) => !/Bergamo.*,test$/.test(line)));
    assert.throws(
      load,
      /Bergamo has 2 cases that train, 1 that validate and 0 that test; give every site cases of each part/,
    );
  });
});
