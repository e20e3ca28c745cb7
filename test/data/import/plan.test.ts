import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { strToU8, zipSync } from "fflate";
import { WorkbenchError } from "../../../lib/core/errors";
import { openSource } from "../../../lib/data/set/source";
import { fundusOddities } from "../../../lib/data/sets/fundus/oddities";
import { planFundus } from "../../../lib/data/sets/fundus/plan";
import { prostateOddities } from "../../../lib/data/sets/prostate/oddities";
import { planProstate } from "../../../lib/data/sets/prostate/plan";
import { prostateSiteTable } from "../../../lib/data/sets/prostate/sites";
import { withFolder } from "../support/temporary";

/** Names of the whole published set, in the newer naming of the folders. */
const published = () =>
  [...prostateSiteTable().values()].flatMap(({ name, aliases, cases, maskSuffix }) =>
    cases.flatMap((id) => [
      `data/${aliases[0] ?? name}/${id}.nii.gz`,
      `data/${aliases[0] ?? name}/${id}${maskSuffix}.nii.gz`,
    ]),
  );
const put = (path: string, content: Uint8Array | string) => (
  mkdirSync(dirname(path), { recursive: true }),
  writeFileSync(path, content)
);
const refuses = (run: () => unknown, message: RegExp) =>
  assert.throws(
    run,
    (error) => error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n"),
    `${message}`,
  );

test("the published set is found whole, in both namings, and put where it belongs", () => {
  const { cases, faults, missing } = planProstate(published());
  assert.deepEqual([cases.length, faults, missing], [116, [], []]);
  const old = published().map((name) => name.replace("data/RUNMC", "ISBI").replace("data/BMC", "x/y/ISBI_1.5"));
  assert.deepEqual(
    planProstate(old).cases.map(({ to }) => to),
    cases.map(({ to }) => to),
  );
  assert.deepEqual(cases.find(({ site }) => site === "ISBI_1.5")?.to, {
    image: "ISBI_1.5/Case00.nii.gz",
    mask: "ISBI_1.5/Case00_Segmentation.nii.gz",
  });
});

test("everything that is missing, extra, doubled or misplaced is reported at once", () => {
  const names = published().filter((name) => !/HK\/Case4[01]|UCL\/Case26_seg/.test(name));
  const { cases, ...found } = planProstate([
    ...names,
    "data/HK/Case99.nii.gz",
    "data/HK/Case99_segmentation.nii.gz",
    "data/HK/Case38.nii",
    ...["01", "02", "03", "04"].map((id) => `data/HKX/Case${id}.nii.gz`),
    "data/HK/notes.txt",
  ]);
  const faults = [...found.faults, ...found.missing];
  assert.equal(cases.length, 113);
  assert.ok(!cases.some(({ id }) => id === "Case99"));
  const wanted = [
    /^data\/HKX is no folder of a site \(.*ISBI or RUNMC.*\); left out: Case01\.nii\.gz, Case02\.nii\.gz, Case03\.nii\.gz and 1 more$/,
    /^HK\/Case38 has two image files: data\/HK\/Case38\.nii\.gz and data\/HK\/Case38\.nii; data\/HK\/Case38\.nii\.gz is taken/,
    /^UCL\/Case26 has no mask/,
    /^HK: missing 2 of 12 cases: Case40 Case41$/,
    /^HK: not among the published cases, left out: Case99$/,
  ];
  for (const fault of wanted)
    assert.ok(
      faults.some((line) => fault.test(line)),
      `${fault} among ${faults.join("\n")}`,
    );
  assert.equal(faults.length, wanted.length);
});

test("a second copy by its name is left out, whatever comes first, and volumes of other formats are named", () => {
  const names = published().filter((name) => !/RUNMC\/Case0[123]\.nii/.test(name));
  const { cases, faults } = planProstate([
    "data/HK/Case38 (1).nii.gz",
    ...names,
    "data/UCL/Case01 - Copy.nii.gz",
    "data/RUNMC/Case01.hdr",
    "data/RUNMC/Case01.img",
    "data/RUNMC/Case02.nii.bz2",
    "data/RUNMC/Case03.dcm",
  ]);
  const imageOf = (wanted: string) => cases.find(({ site, id }) => `${site}/${id}` === wanted)?.image;
  assert.deepEqual([imageOf("HK/Case38"), imageOf("UCL/Case01")], ["data/HK/Case38.nii.gz", "data/UCL/Case01.nii.gz"]);
  for (const fault of [
    /^HK\/Case38 has two image files: .*; data\/HK\/Case38\.nii\.gz is taken, the other left out$/,
    /^UCL\/Case01 has two image files: .*; data\/UCL\/Case01\.nii\.gz is taken, the other left out$/,
    /^data\/RUNMC\/Case01\.hdr is half of a \.hdr\/\.img pair; save it as \.nii\.gz$/,
    /^data\/RUNMC\/Case02\.nii\.bz2 is packed in another way than by gzip/,
    /^data\/RUNMC\/Case03\.dcm is a DICOM file/,
    /^ISBI\/Case01 has no image beside/,
  ])
    assert.ok(
      faults.some((line) => fault.test(line)),
      `${fault} among ${faults.join("\n")}`,
    );
});

test("complete photographs beside the crops are noted and left out", () => {
  const { cases, faults, notes } = planFundus([
    "Domain4/train/ROIs/image/V1.png",
    "Domain4/train/ROIs/mask/V1.png",
    "Domain4/train/image/V1.png",
    "Domain4/train/mask/V1.png",
  ]);
  assert.deepEqual([cases.length, faults], [1, []]);
  assert.deepEqual(notes, [
    "Domain4/train/image holds complete photographs beside the crops (ROIs); left out: V1.png",
    "Domain4/train/mask holds complete photographs beside the crops (ROIs); left out: V1.png",
  ]);
});

test("fundus files are found below any folder; numbers, beginnings and parts are checked", () => {
  const names = (part: string, id: string, mask = part) => [
    `x/Domain4/${part}/ROIs/image/${id}.png`,
    `x/Domain4/${mask}/ROIs/mask/${id}.png`,
  ];
  const { cases, ...found } = planFundus([
    ...names("train", "V1"),
    ...names("test", "Q2"),
    ...names("train", "V3", "test"),
    "x/Domain7/train/ROIs/image/V1.png",
    "x/loose.png",
  ]);
  const faults = [...found.faults, ...found.missing];
  assert.deepEqual(cases[0].to, { image: "Domain4/train/ROIs/image/V1.png", mask: "Domain4/train/ROIs/mask/V1.png" });
  for (const fault of [
    /Domain1: 0 images, published 101/,
    /Domain4: 3 images, published 400/,
    /do not begin with V: Q2/,
    /image and the mask of V3 lie in different parts/,
    /^x\/Domain7\/train\/ROIs\/image lies in no known domain; left out: V1\.png$/,
    /^x is not Domain1.*; left out: loose\.png$/,
  ])
    assert.ok(
      faults.some((line) => fault.test(line)),
      `${fault} among ${faults.join("\n")}`,
    );
});

test("odd sizes, labels and gaps are noted", () => {
  const made = {
    site: "HK",
    id: "Case38",
    height: 2,
    width: 2,
    planes: new Float32Array(),
    masks: new Uint8Array(),
    spacing: [1, 1, 1] as const,
    mean: 0,
    deviation: 1,
    notes: [],
  };
  assert.deepEqual(prostateOddities({ ...made, slices: [3, 4, 5], shape: [9, 384, 384], labels: [0, 1, 2] }), []);
  assert.equal(prostateOddities({ ...made, slices: [3, 5], shape: [9, 320, 384], labels: [0, 0.5, 7] }).length, 4);
  assert.deepEqual(fundusOddities({ ...made, slices: [0], shape: [800, 800], labels: [0, 128, 255] }), []);
  assert.equal(fundusOddities({ ...made, slices: [0], shape: [800, 1600], labels: [0, 127] }).length, 2);
});

test("a folder and a zip of it hold the same; links are not followed, hidden files are not seen", () => {
  withFolder((folder) => {
    put(join(folder, "in", "HK", "Case38.nii.gz"), "image");
    put(join(folder, "in", ".DS_Store"), "x");
    put(join(folder, "outside.txt"), "secret");
    symlinkSync(join(folder, "outside.txt"), join(folder, "in", "HK", "Case39.nii.gz"));
    const open = openSource(join(folder, "in"));
    assert.deepEqual([open.names, open.refused], [["HK/Case38.nii.gz"], ["HK/Case39.nii.gz"]]);
    put(
      join(folder, "in.zip"),
      zipSync({ "HK/Case38.nii.gz": strToU8("image"), "__MACOSX/HK/Case38.nii.gz": strToU8("x") }),
    );
    const zipped = openSource(join(folder, "in.zip"));
    assert.deepEqual(zipped.names, open.names);
    assert.deepEqual(Buffer.from(zipped.read("HK/Case38.nii.gz")), Buffer.from(open.read("HK/Case38.nii.gz")));
    put(join(folder, "slip.zip"), zipSync({ "../HK/Case38.nii.gz": strToU8("image") }));
    refuses(() => openSource(join(folder, "slip.zip")), /would lie outside the folder/);
    const bomb = Buffer.from(zipSync({ "HK/Case38.nii.gz": new Uint8Array(1e6) }));
    bomb.writeUInt32LE(1e9, bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    put(join(folder, "bomb.zip"), bomb);
    refuses(() => openSource(join(folder, "bomb.zip")), /promises 1000000000 bytes/);
    refuses(() => openSource(join(folder, "outside.txt")), /neither a folder nor a \.zip/);
    refuses(() => openSource(join(folder, "nowhere")), /ENOENT/);
  });
});
