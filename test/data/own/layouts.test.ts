import assert from "node:assert/strict";
import { test } from "node:test";
import { planLayout } from "../../../lib/data/sets/own/layouts/plan";
import { layoutSchema } from "../../../lib/data/task/layout-schema";

const sites = ["North", "South"];
const plan = (layout: object, names: readonly string[], text = "") =>
  planLayout(layoutSchema.parse(layout), sites, "volume", names, () => new TextEncoder().encode(text));
const shown = ({ cases }: ReturnType<typeof plan>) =>
  cases.map(({ site, id, image, mask, part }) => [site, id, image, mask, part ?? "any"].join(" ")).sort();

test("images and masks in folders of the same names", () => {
  const names = [
    "North/images/a.nii.gz",
    "North/masks/a_seg.nii.gz",
    "clinic 2/images/b.nii",
    "clinic 2/masks/b_seg.nii",
    "read.me",
  ];
  const found = plan({ kind: "folders", maskSuffix: "_seg", sites: { South: { folder: "clinic 2" } } }, names);
  assert.deepEqual(shown(found), [
    "North a North/images/a.nii.gz North/masks/a_seg.nii.gz any",
    "South b clinic 2/images/b.nii clinic 2/masks/b_seg.nii any",
  ]);
  assert.deepEqual([found.faults, found.missing, found.notes], [[], [], []]);
});

test("pairs in one folder: a mask is told by the longer end of its name", () => {
  const names = [
    "North/a.nii.gz",
    "North/a_mask.nii.gz",
    "South/b.nii.gz",
    "South/b_mask.nii.gz",
    "South/c_mask.nii.gz",
  ];
  const found = plan({ kind: "pairs", maskSuffix: "_mask" }, names);
  assert.deepEqual(shown(found), [
    "North a North/a.nii.gz North/a_mask.nii.gz any",
    "South b South/b.nii.gz South/b_mask.nii.gz any",
  ]);
  assert.deepEqual(found.faults, ["South/c has no image beside South/c_mask.nii.gz"]);
});

test("nnU-Net raw: the channel that is asked for, test cases with labels, and sites by prefix in one data set", () => {
  const names = [
    ...["imagesTr/N_1_0000.nii.gz", "imagesTr/N_1_0001.nii.gz", "labelsTr/N_1.nii.gz"],
    ...["imagesTs/S_2_0000.nii.gz", "imagesTs/S_2_0001.nii.gz", "labelsTs/S_2.nii.gz", "imagesTs/S_3_0001.nii.gz"],
    "dataset.json",
  ];
  const bySite = { North: { folder: ".", prefix: "N_" }, South: { folder: ".", prefix: "S_" } };
  const found = plan({ kind: "nnunet", channel: 1, sites: bySite }, names);
  assert.deepEqual(shown(found), [
    "North N_1 imagesTr/N_1_0001.nii.gz labelsTr/N_1.nii.gz train",
    "South S_2 imagesTs/S_2_0001.nii.gz labelsTs/S_2.nii.gz test",
  ]);
  assert.deepEqual(found.faults, [], "images to be predicted have no labels, and are no fault");
  assert.match(found.notes.join("; "), /imagesTs holds images without masks; left out: S_3_0001\.nii\.gz/);
});

test("the Decathlon: one folder for each site; a site without cases is named", () => {
  const names = [
    "Task02_North/imagesTr/la_003.nii.gz",
    "Task02_North/labelsTr/la_003.nii.gz",
    "Task02_North/imagesTs/la_001.nii.gz",
  ];
  const found = plan({ kind: "decathlon", sites: { North: { folder: "Task02_North" } } }, names);
  assert.deepEqual(shown(found), [
    "North la_003 Task02_North/imagesTr/la_003.nii.gz Task02_North/labelsTr/la_003.nii.gz any",
  ]);
  assert.match(found.missing[0], /South: no case in South\/imagesTr/);
});

test("a manifest lists cases; each fault is told with its line, its value and the mend, and no path leaves the folder", () => {
  const names = ["lists/all.csv", "lists/x/1.nii.gz", "lists/x/1m.nii.gz", "y.nii.gz", "note.txt"];
  const csv = `Site,Case,Mask,Image,Part
North,1,x/1m.nii.gz,x/1.nii.gz,train
South,"2, second",../y.nii.gz,x/1.nii.gz,VAL
West,3,x/1m.nii.gz,x/1.nii.gz,train
South,4,../../etc/passwd,x/1.nii.gz,
South,5,/etc/passwd,x/1.nii.gz,
South,6,../note.txt,x/1.nii.gz,
North,1,x/1m.nii.gz,x/1.nii.gz,train
South,7,x/1m.nii.gz,x/1m.nii.gz,sometimes
`;
  const found = plan({ kind: "manifest", file: "lists/all.csv" }, names, csv);
  assert.deepEqual(shown(found), [
    "North 1 lists/x/1.nii.gz lists/x/1m.nii.gz train",
    "South 2, second lists/x/1.nii.gz y.nii.gz validation",
  ]);
  assert.deepEqual(
    found.faults.map((fault) => fault.replace(/;.*/, "")),
    [
      'lists/all.csv line 4: site: "West" is none of the sites North, South',
      'lists/all.csv line 5: mask: "../../etc/passwd" leads out of the folder of the task',
      'lists/all.csv line 6: mask: "/etc/passwd" is no file below the folder of the task',
      'lists/all.csv line 7: mask: "../note.txt" is no file that is read as a volume',
      'lists/all.csv line 8: case: "1" is on line 2 too',
      'lists/all.csv line 9: mask: "x/1m.nii.gz" is the image itself',
      'lists/all.csv line 9: part: "sometimes" is no part',
    ],
  );
  assert.throws(() => plan({ kind: "manifest" }, names), /there is no "manifest\.csv" in the folder/);
  assert.throws(
    () => plan({ kind: "manifest", file: "lists/all.csv" }, names, "a,b\n"),
    /line 1: no column site, case, image, mask/,
  );
});

test("formats that are not read are named with what converts them", () => {
  const [fault] = plan({ kind: "folders" }, ["North/images/1.dcm", "North/images/2.dcm"]).faults;
  assert.match(
    fault,
    /2 files are DICOM \(North\/images\/1\.dcm\), which is not read; convert every series with dcm2niix/,
  );
  assert.match(plan({ kind: "folders" }, ["a.img"]).faults[0], /voxels without their header \(\.hdr\) \(a\.img\)/);
});

test("a file that two sites claim is a fault", () => {
  const both = { North: { folder: "." }, South: { folder: "." } };
  const { faults } = plan({ kind: "folders", sites: both }, ["images/a.nii", "masks/a.nii"]);
  assert.match(faults[0], /images\/a\.nii belongs to North and South; give the sites folders or prefixes of their own/);
});

test("BIDS: masks in derivatives belong to images by subject, session and run, whatever else they say of themselves", () => {
  const names = [
    ...["North/sub-01/anat/sub-01_T2w.nii.gz", "North/sub-01/anat/sub-01_T1w.nii.gz"],
    "North/derivatives/manual/sub-01/anat/sub-01_desc-expert_dseg.nii.gz",
    "North/derivatives/other/sub-01/anat/sub-01_dseg.nii.gz",
    ...["North/sub-02/ses-a/anat/sub-02_ses-a_run-1_T2w.nii", "North/sub-03/anat/sub-03_T2w.nii"],
    "North/derivatives/manual/sub-02/ses-a/anat/sub-02_ses-a_run-1_space-orig_dseg.nii",
    ...["all/south/sub-x/anat/sub-x_T2w.nii", "all/south/derivatives/manual/sub-x/anat/sub-x_T2w_dseg.nii"],
    ...["North/sub-04/anat/sub-05_T2w.nii", "North/sub-06/func/sub-06_T2w.nii", "North/participants.tsv"],
  ];
  const bids = { kind: "bids", derivatives: "manual", image: "T2w" };
  const found = plan({ ...bids, sites: { South: { folder: "all/south" } } }, names);
  assert.deepEqual(shown(found), [
    `North sub-01 ${names[0]} ${names[2]} any`,
    `North sub-02_ses-a_run-1 ${names[4]} ${names[6]} any`,
    `South sub-x ${names[7]} ${names[8]} any`,
  ]);
  assert.deepEqual([found.faults, found.missing], [[], []]);
  assert.match(found.notes[0], /North\/sub-03\/anat holds images without masks; left out: sub-03_T2w\.nii/);
  const twice = [...names, "North/derivatives/manual/sub-01/anat/sub-01_label-wall_dseg.nii.gz"];
  assert.match(plan(bids, twice).faults[0], /North\/sub-01 has two mask files/);
  const chosen = plan({ ...bids, mask: "label-wall_dseg" }, twice);
  assert.deepEqual(shown(chosen), [`North sub-01 ${names[0]} ${twice[twice.length - 1]} any`]);
});

test("a table says of which site the cases of one data set are: participants of BIDS, or cases of nnU-Net", () => {
  const bids = [1, 2, 3, 4].flatMap((n) => [
    `sub-${n}/anat/sub-${n}_T1w.nii`,
    `derivatives/m/sub-${n}/anat/sub-${n}_dseg.nii`,
  ]);
  const table = "participant_id\tage\tcentre\nsub-1\t50\tNorth\nsub-2\t51\tHôpital Sud\nsub-3\t9\tElsewhere\n";
  const list = { file: "participants.tsv", site: "centre" };
  const found = plan(
    { kind: "bids", derivatives: "m", image: "T1w", list, sites: { South: { listed: "Hôpital Sud" } } },
    [...bids, "participants.tsv"],
    table,
  );
  assert.deepEqual(
    found.cases.map(({ site, id }) => `${site} ${id}`),
    ["North sub-1", "South sub-2"],
  );
  assert.match(
    found.notes[0],
    /participants\.tsv names cases of other sites than the task; left out: "Elsewhere" \(1\)/,
  );
  const raw = ["imagesTr/a_0000.nii", "labelsTr/a.nii", "imagesTr/b_0000.nii", "labelsTr/b.nii", "sites.csv"];
  const nnunet = { kind: "nnunet", list: { file: "sites.csv" } };
  assert.deepEqual(shown(plan(nnunet, raw, "site,case\nSouth,a\nNorth,b")), [
    "North b imagesTr/b_0000.nii labelsTr/b.nii train",
    "South a imagesTr/a_0000.nii labelsTr/a.nii train",
  ]);
  assert.match(
    plan(nnunet, raw, "site,case\nSouth,a\nNorth,a").faults[0],
    /sites\.csv line 3: "a" is of North and, above, of South; keep one of the lines/,
  );
  assert.throws(
    () => plan(nnunet, raw, "centre,case\nSouth,a"),
    /sites\.csv line 1: no column site; there are "centre", "case"; name its columns in layout\.list/,
  );
  assert.throws(
    () => plan({ ...nnunet, list: { file: "no.csv" } }, raw),
    /there is no "no\.csv" in the folder of the task/,
  );
});
