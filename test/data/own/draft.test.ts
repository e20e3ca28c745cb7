import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { draftTask } from "../../../lib/data/draft/draft";
import { draftYaml } from "../../../lib/data/draft/to-yaml";
import { openSource } from "../../../lib/data/set/source";
import { imageSetOf } from "../../../lib/data/task/image-set";
import { taskSchema, type Task } from "../../../lib/data/task/task";
import { parseConfig } from "../../../lib/io/config";
import { encodePng } from "../../../lib/io/png";
import { withFolder } from "../support/temporary";
import { madeFiles, madeSites, put } from "./made-set";

const named = { id: "drafted", folder: "there", pseudonyms: false };

/** Drafts what a folder holds, and reads the draft back. @param place where image and mask of a site's case go */
function drafted(
  place: (site: string, n: number) => readonly [image: string, mask: string],
  more: (folder: string) => void = () => undefined,
) {
  return withFolder((folder) => {
    for (const site of madeSites)
      for (let n = 0; n < 3; n++) {
        const { image, mask } = madeFiles(site, n);
        place(site.name, n).forEach((name, i) => put(folder, name, i === 0 ? image : mask));
      }
    more(folder);
    const source = openSource(folder);
    const draft = draftTask(source);
    const text = draftYaml(draft, named);
    const task: Task = parseConfig(text, taskSchema, "drafted.yaml");
    const { cases, faults } = imageSetOf(task).plan(source.names, source.read);
    return { draft, text, task, cases, faults };
  });
}

const allFound = ({ task, cases, faults }: ReturnType<typeof drafted>, sites: readonly string[]) => {
  assert.deepEqual(task.sites, sites);
  assert.deepEqual(faults, []);
  for (const site of sites) assert.equal(cases.filter((each) => each.site === site).length, 3, site);
  assert.deepEqual(
    task.labels?.map(({ values }) => values),
    [[0], [1], [2]],
  );
};
const names = madeSites.map(({ name }) => name);

test("folders of images and masks are found, whatever they are called", () => {
  const found = drafted((site, n) => [
    `study/${site}/T2 scans/p${n}_t2.nii.gz`,
    `study/${site}/ground truth/p${n}_gt.nii.gz`,
  ]);
  allFound(found, names);
  const { layout, modality, split } = found.draft;
  assert.deepEqual(
    [layout.images, layout.masks, layout.imageSuffix, layout.maskSuffix],
    ["T2 scans", "ground truth", "_t2", "_gt"],
  );
  assert.deepEqual([modality, split], ["volume", "seeded"]);
});

test("pairs in one folder for each site are told apart by the ends of their names", () => {
  const found = drafted((site, n) => [`${site}/p${n}.nii.gz`, `${site}/p${n}-label.nii.gz`]);
  allFound(found, names);
  assert.deepEqual([found.draft.layout.kind, found.draft.layout.maskSuffix], ["pairs", "-label"]);
});

test("nnU-Net raw, one data set for each site, with the names of its classes", () => {
  const place = (site: string, n: number) => {
    const root = `Dataset00${names.indexOf(site) + 1}_${site}`;
    return n < 2
      ? ([`${root}/imagesTr/h_${n}_0000.nii.gz`, `${root}/labelsTr/h_${n}.nii.gz`] as const)
      : ([`${root}/imagesTs/h_${n}_0000.nii.gz`, `${root}/labelsTs/h_${n}.nii.gz`] as const);
  };
  const labels = { labels: { background: 0, "Myo (LV)": 1, __proto__: 3, cavity: 2 } };
  const found = drafted(place, (folder) => put(folder, "Dataset001_Alpenklinik/dataset.json", JSON.stringify(labels)));
  allFound(found, names);
  assert.deepEqual(
    found.task.labels?.map(({ name }) => name),
    ["background", "Myo-LV", "cavity"],
  );
  assert.deepEqual([found.draft.layout.kind, found.draft.split], ["nnunet", "parts"]);
});

test("the Decathlon's single folder is cut into sites by the beginnings of names", () => {
  const found = drafted((site, n) => [`Task02/imagesTr/${site}_${n}.nii.gz`, `Task02/labelsTr/${site}_${n}.nii.gz`]);
  allFound(found, names);
  assert.equal(found.draft.layout.kind, "decathlon");
});

test("BIDS: one data set for each site, or one with a column of sites among its participants", () => {
  const mask = (root: string, subject: string) => `${root}derivatives/manual/${subject}/anat/${subject}_dseg.nii.gz`;
  const more = drafted(
    (site, n) => [`${site}/sub-${n}/anat/sub-${n}_T2w.nii.gz`, mask(`${site}/`, `sub-${n}`)],
    (folder) => put(folder, "Bergamo/sub-0/anat/sub-0_T1w.nii.gz", ""),
  );
  allFound(more, names);
  const { kind, derivatives, image } = more.draft.layout;
  assert.deepEqual([kind, derivatives, image], ["bids", "manual", "T2w"]);

  const subject = (site: string, n: number) => `sub-${3 * names.indexOf(site) + n}`;
  const rows = names.flatMap((site) => [0, 1, 2].map((n) => `${subject(site, n)}\tClinic ${site}\n`));
  const one = drafted(
    (site, n) => [`${subject(site, n)}/anat/${subject(site, n)}_bp.nii.gz`, mask("", subject(site, n))],
    (folder) => put(folder, "participants.tsv", `participant_id\tcentre\n${rows.join("")}`),
  );
  allFound(
    one,
    names.map((site) => `Clinic-${site}`),
  );
  assert.deepEqual(one.draft.layout.list, { file: "participants.tsv", case: "participant_id", site: "centre" });
});

test("nnU-Net raw: a table tells the sites of a single data set", () => {
  const id = (site: string, n: number) => `case_${3 * names.indexOf(site) + n}`;
  const rows = names.flatMap((site) => [0, 1, 2].map((n) => `${id(site, n)},${site}\n`));
  const found = drafted(
    (site, n) => [`D1/imagesTr/${id(site, n)}_0000.nii.gz`, `D1/labelsTr/${id(site, n)}.nii.gz`],
    (folder) => put(folder, "D1/info.csv", `case_id,hospital\n${rows.join("")}`),
  );
  allFound(found, names);
  assert.deepEqual(found.draft.layout.list, { file: "D1/info.csv", case: "case_id", site: "hospital" });
});

test("a manifest names sites and parts", () => {
  const lines = names.flatMap((site) =>
    [0, 1, 2].map((n) => `${site},c${n},f/${site}${n}.nii.gz,f/${site}${n}m.nii.gz,${["train", "val", "test"][n]}`),
  );
  const text = ["site,case,image,mask,part", ...lines].join("\n");
  const found = drafted(
    (site, n) => [`f/${site}${n}.nii.gz`, `f/${site}${n}m.nii.gz`],
    (folder) => put(folder, "list.csv", text),
  );
  allFound(found, names);
  assert.deepEqual([found.draft.layout, found.draft.split], [{ kind: "manifest", file: "list.csv" }, "parts"]);
});

test("hostile names stay text: a draft reads back as what was found", () => {
  const wicked = ["a: &x [*x] # b", "'\"} - !!js/function", "__proto__"];
  const values = Uint8Array.from({ length: 256 }, (_, i) => i);
  const picture = encodePng({ width: 16, height: 16, channels: 1, data: values });
  const mask = encodePng({ width: 16, height: 16, channels: 1, data: values.map((value) => Number(value > 127)) });
  const writeSite = (folder: string, site: string) => {
    for (let n = 0; n < 3; n++) put(folder, `${site}/images/${n}.png`, picture);
    for (let n = 0; n < 3; n++) put(folder, `${site}/masks/${n}.png`, mask);
  };
  withFolder((folder) => {
    for (const site of wicked) writeSite(folder, site);
    const draft = draftTask(openSource(folder));
    const task: Task = parseConfig(draftYaml(draft, { ...named, folder: wicked[0] }), taskSchema, "drafted.yaml");
    assert.equal(task.own?.folder, wicked[0]);
    assert.deepEqual([task.own?.modality, task.inChannels], ["picture", 1]);
    assert.deepEqual(task.sites, ["function", "proto", "a-x-x-b"]);
    assert.deepEqual(Object.values(draft.cases), [3, 3, 3]);
    for (const site of ["one\nline: 1", "two"]) writeSite(folder, `lines/${site}`);
    assert.throws(
      () => draftTask(openSource(join(folder, "lines"))),
      /"folder": want a path with slashes and no control characters; rename/,
    );
  });
});

test("what cannot be a federation is refused with the mend", () => {
  const refuses = (files: Readonly<Record<string, string>>, fault: RegExp) =>
    withFolder((folder) => {
      for (const [name, text] of Object.entries(files)) put(folder, name, text);
      assert.throws(() => draftTask(openSource(folder)), fault);
    });
  refuses({ "readme.txt": "none" }, /1 files, none of them \.nii, .*see docs\/own-data\.md/);
  refuses(
    { IM0001: `${"\0".repeat(128)}DICM` },
    /"IM0001" is DICOM, which is not read; convert every series with dcm2niix/,
  );
  refuses({ "s/1.dcm": "" }, /DICOM \(s\/1\.dcm\).*dcm2niix/);
  refuses({ "a.png": "", "b.png": "" }, /2 files, but no images with masks among them/);
  refuses(
    { "one/images/a.png": "", "one/masks/a.png": "" },
    /images of one site alone \("one"\), and a federation has two or more/,
  );
});
