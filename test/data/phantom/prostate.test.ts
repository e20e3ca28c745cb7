import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WorkbenchError } from "../../../lib/core/errors";
import { createRandom } from "../../../lib/core/random";
import { findCases, loadSite } from "../../../lib/data/set/load";
import { allSlices, hashSites } from "../../../lib/data/set/site-data";
import { prostateSet } from "../../../lib/data/sets/prostate/set";
import { domainGap } from "../../../lib/data/measure/domain-gap";
import { prostatePhantomCase, writeProstatePhantom } from "../../../lib/data/phantom/prostate/phantom";
import { createAnatomy } from "../../../lib/data/phantom/prostate/anatomy";
import {
  prostatePhantomConfig,
  tissueNames,
  type ProstatePhantomConfig,
} from "../../../lib/data/phantom/prostate/config";
import { scanAnatomy, type ProstatePhantomVolume } from "../../../lib/data/phantom/prostate/scan";
import { prostateSite, prostateSites, type ProstateSiteName } from "../../../lib/data/sets/prostate/sites";
import { labelledSlices } from "../../../lib/data/set/stacking";
import { readNifti } from "../../../lib/io/nifti";
import { withFolder } from "../support/temporary";

const tiny = { seed: "test", side: 32, casesPerSite: 3, slices: 6 };
const volumeOf = ({ zones, spacing }: ProstatePhantomVolume) =>
  zones.filter((zone) => zone > 0).length * spacing[0] * spacing[1] * spacing[2];

test("the phantom is the same, byte by byte, on every machine, and loads in both readings", () => {
  withFolder((folder) => {
    const progress: number[] = [];
    writeProstatePhantom(folder, tiny, (done, total) => progress.push(done / total));
    assert.deepEqual([progress.length, progress[17]], [18, 1]);
    const hash = createHash("sha256");
    const { source, cases } = findCases(prostateSet, folder);
    for (const { image, mask } of cases) hash.update(source.read(image)).update(source.read(mask));
    assert.equal(hash.digest("hex"), "77f5a50cf271eed5f2d288e7206a10a26609abd1ca550de8347eb4482b9b237e");
    assert.ok(
      existsSync(join(folder, "ISBI_1.5", "Case00_Segmentation.nii.gz")),
      "ISBI_1.5 names its masks with a capital S",
    );
    const labels = (site: string, file: string) =>
      [...new Set(readNifti(readFileSync(join(folder, site, file)), file).voxels)].sort();
    assert.deepEqual(labels("ISBI", "Case00_segmentation.nii.gz"), [0, 1, 2]);
    assert.deepEqual(labels("HK", "Case38_segmentation.nii.gz"), [0, 1]);

    const load = (reading: "intended" | "published") =>
      prostateSites.map((site) => loadSite(prostateSet, folder, site, { side: 32, reading, seed: 1 }));
    const intended = load("intended");
    assert.equal(hashSites(intended), "ac7205b365fb79bc197ec29262fadd928c96779e4d5f11516b0d20d90f4169c2");
    assert.equal(hashSites(load("published")), "8f553ccf1b800221245089e4ada35eebc7f1293472df2b90b2c49e557eef4bd0");
    const within = domainGap(intended.map(allSlices), "prostate");
    within.forEach((row, i) =>
      row.forEach((gap, j) =>
        assert.ok(i === j ? gap === 0 : gap > 0.02, `${prostateSites[i]} and ${prostateSites[j]} lie ${gap} apart`),
      ),
    );
  });
});

test("a case depends on its name and the seed, not on what else is made", () => {
  const [site, options] = [prostateSite("UCL"), { ...tiny, slices: 5 }];
  const first = prostatePhantomCase(site, "Case30", options);
  prostatePhantomCase(site, "Case01", options);
  assert.deepEqual(prostatePhantomCase(site, "Case30", options), first);
  assert.notDeepEqual(prostatePhantomCase(site, "Case31", options).image, first.image);
  assert.notDeepEqual(prostatePhantomCase(site, "Case30", { ...options, seed: "other" }).image, first.image);
});

test("the anatomy stays when the resolution changes", () => {
  for (const name of ["BIDMC", "I2CVB"] as const) {
    const [coarse, fine] = [32, 96].map((side) =>
      prostatePhantomCase(prostateSite(name), prostateSite(name).cases[1], { seed: 3, side, slices: 12 }),
    );
    assert.ok(
      Math.abs(volumeOf(coarse) / volumeOf(fine) - 1) < 0.06,
      `${name}: ${volumeOf(coarse)} and ${volumeOf(fine)} mm^3`,
    );
    assert.ok(Math.abs(coarse.spacing[1] * 32 - fine.spacing[1] * 96) < 1e-9, "the field of view changed");
  }
});

test("resolution and labelled slices are what the site's table asks for", () => {
  for (const name of prostateSites) {
    const site = prostateSite(name);
    const { spacing, shape, zones } = prostatePhantomCase(site, site.cases[0], { seed: 5, side: 16, slices: "real" });
    const [low, high] = site.throughPlaneMillimetres;
    assert.ok(spacing[0] >= low && spacing[0] <= high, `${name}: slices of ${spacing[0]} mm`);
    const binary = zones.map((zone) => Math.min(zone, 1));
    const labelled = labelledSlices(binary, shape).length;
    const published = site.labelledSlices / site.cases.length;
    assert.ok(
      Math.abs(labelled / published - 1) < 0.45,
      `${name}: ${labelled} labelled slices, ${published} on average in the real set`,
    );
    const quick = prostatePhantomCase(site, site.cases[0], { seed: 5, side: 32, slices: 12 });
    const share = labelledSlices(quick.zones, quick.shape).length;
    assert.ok(share >= 8 && share <= 11, `${name}: ${share} of 12 slices labelled`);
  }
});

/** The constants without what blurs a measurement: only `kept` of the disturbances stays. */
function cleanConfig(
  name: ProstateSiteName,
  kept: Partial<ProstatePhantomConfig["scans"]["HK"]> = {},
): ProstatePhantomConfig {
  const config = prostatePhantomConfig();
  const plain = tissueNames.map((tissue) => [tissue, { ...config.tissues[tissue], texture: 0 }] as const);
  const still = { value: 1e-9, source: "no variation" };
  return {
    ...config,
    tissues: Object.fromEntries(plain) as ProstatePhantomConfig["tissues"],
    patients: { peripheralT2: still, transitionT2: still },
    scans: {
      ...config.scans,
      [name]: { ...config.scans[name], ghost: 0, bias: 0, surfaceRise: 0, coilPeak: 0, noiseRatio: 1e9, ...kept },
    },
  };
}

function cleanScan(name: ProstateSiteName, config: ProstatePhantomConfig, side: number): ProstatePhantomVolume {
  const [site, random] = [prostateSite(name), createRandom("clean")];
  return scanAnatomy(createAnatomy(site, config, random), site, config, { side, slices: 5 }, random);
}

test("the signal of a tissue is that of the spin-echo equation at the site's field", () => {
  for (const [name, field] of [
    ["I2CVB", 3],
    ["HK", 1.5],
  ] as const) {
    const config = cleanConfig(name);
    const { image, shape } = cleanScan(name, config, 128);
    const { repetition, echo, gain } = config.scans[name];
    const counts = new Map<number, number>();
    for (const value of image) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const tissue of ["muscle", "fat", "transition"] as const) {
      const { protonDensity, t1, t2 } = config.tissues[tissue];
      const [longitudinal, transverse] = field === 3 ? [t1, t2] : [t1 / 1.21, t2 * 1.08];
      const signal = gain * protonDensity * (1 - Math.exp(-repetition / longitudinal)) * Math.exp(-echo / transverse);
      const pixels = counts.get(Math.round(signal)) ?? 0;
      assert.ok(
        pixels > 0.002 * shape[0] * shape[1] * shape[2],
        `${name}: ${pixels} pixels show ${tissue} as ${Math.round(signal)}`,
      );
    }
  }
});

test("the noise in the empty balloon is the noise that was asked for", () => {
  // In air the magnitude follows Rayleigh's distribution: mean = sigma sqrt(pi / 2).
  const config = cleanConfig("HK", { noiseRatio: 7 });
  const { image, shape } = cleanScan("HK", config, 128);
  const sigma = config.scans.HK.gain * (0.4 / 7) * (128 / 384);
  const area = shape[1] * shape[2];
  const dark = balloonPixels(Array.from(image.subarray(2 * area, 3 * area)), shape[2], 6);
  const mean = dark.reduce((sum, value) => sum + value, 0) / dark.length;
  assert.ok(Math.abs(mean / (sigma * Math.sqrt(Math.PI / 2)) - 1) < 0.1, `mean ${mean}, sigma ${sigma}`);
});

/** The darkest square of the middle column below the centre, `reach` pixels to every side. */
function balloonPixels(slice: readonly number[], width: number, reach: number): number[] {
  const square = (row: number, column: number) =>
    Array.from(
      { length: (2 * reach + 1) ** 2 },
      (_, i) => slice[(row - reach + Math.floor(i / (2 * reach + 1))) * width + column - reach + (i % (2 * reach + 1))],
    );
  const squares = Array.from({ length: 40 }, (_, i) => square(width / 2 + i, width / 2));
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  return squares.reduce((darkest, values) => (total(values) < total(darkest) ? values : darkest));
}

test("an endorectal coil brightens the gland near the rectum", () => {
  const ratio = (name: "HK" | "UCL") => {
    const { image, zones, shape } = prostatePhantomCase(prostateSite(name), prostateSite(name).cases[2], {
      seed: 1,
      side: 64,
      slices: 5,
    });
    const [inside, outside] = [true, false].map((wanted) =>
      Array.from(image).filter((_, i) => Math.floor(i / (shape[1] * shape[2])) === 2 && zones[i] > 0 === wanted),
    );
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return mean(inside) / mean(outside);
  };
  assert.ok(ratio("HK") > 1.3 * ratio("UCL"), `${ratio("HK")} with the coil, ${ratio("UCL")} without`);
});

test("bad options are one line", () => {
  for (const [options, message] of [
    [{ ...tiny, side: 40 }, /invalid side 40/],
    [{ ...tiny, casesPerSite: 2 }, /cases per site 2/],
    [{ ...tiny, slices: 2.5 }, /number of slices 2.5/],
  ] as const) {
    assert.throws(
      () => writeProstatePhantom("nowhere", options),
      (error) => error instanceof WorkbenchError && message.test(error.message),
    );
  }
});
