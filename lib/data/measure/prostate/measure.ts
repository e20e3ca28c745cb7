import { mean } from "../../../core/mean";
import { compared, repeatNoise, solve, type Measurement } from "../measure";
import { measureReception } from "./reception";
import { measureResolution } from "./resolution";
import { prostatePhantomCase, type ProstatePhantomOptions } from "../../phantom/prostate/phantom";
import { prostatePhantomConfig } from "../../phantom/prostate/config";
import { clean, middleSlice, scan, testObject } from "./test-object";
import type { ProstateSite } from "../../sets/prostate/sites";
import { labelledSlices } from "../../set/stacking";

/**
 * Measures one site's images as a physicist tests a scanner, and compares with what the site's table asks for: the noise from two
 * scans of a patient of the set, all else from scans of test objects. Nothing is read from the constants but what is asked for.
 */
export function measureProstateSite(site: ProstateSite, options: ProstatePhantomOptions): Measurement[] {
  return [
    noise(site, options),
    ...measureResolution(site),
    ...measureReception(site),
    ...relaxation(site),
    sliceCount(site, options),
  ];
}

/**
 * A case of the set and a second scan of it. Where the signal is far above the noise, the magnitude has the noise of one
 * component.
 */
function noise(site: ProstateSite, options: ProstatePhantomOptions): Measurement {
  const [file, again] = [undefined, "again"].map(
    (repeat) => prostatePhantomCase(site, site.cases[0], { ...options, repeat }).image,
  );
  const { gain, noiseRatio } = prostatePhantomConfig().scans[site.name];
  const asked = (gain * (0.4 / noiseRatio) * options.side) / 384;
  const bright = Array.from(file.keys()).filter((i) => file[i] + again[i] > 12 * asked);
  const measured = repeatNoise(
    bright.map((i) => file[i]),
    bright.map((i) => again[i]),
    1,
  );
  return compared({
    site: site.name,
    property: "noise, deviation",
    unit: "scanner units",
    asked,
    measured,
    tolerance: 0.03 * asked,
  });
}

/** T2 of muscle from two echo times, T1 from two repetition times; a site of two fields has the times of one of them. */
function relaxation(site: ProstateSite): Measurement[] {
  const { tissues, fieldScaling } = prostatePhantomConfig();
  const signal = (repetition: number, echo: number) =>
    mean(middleSlice(scan(site, testObject(4), { ...clean, repetition, echo }, { side: 16, slices: 1 })).values);
  const t2 = 40 / Math.log(signal(1e6, 20) / signal(1e6, 60));
  const t1 = solve(
    (time) => (1 - Math.exp(-600 / time)) / (1 - Math.exp(-2400 / time)),
    signal(600, 20) / signal(2400, 20),
    50,
    5000,
  );
  const atField = site.fieldTesla.map((field) => ({
    t1: tissues.muscle.t1 / (field < 3 ? fieldScaling.t1Ratio3TTo1_5T.value : 1),
    t2: tissues.muscle.t2 * (field < 3 ? fieldScaling.t2Ratio1_5TTo3T.value : 1),
  }));
  const asked = atField.reduce((best, each) => (Math.abs(each.t1 - t1) < Math.abs(best.t1 - t1) ? each : best));
  return [
    compared({
      site: site.name,
      property: "T1 of muscle",
      unit: "ms",
      asked: asked.t1,
      measured: t1,
      tolerance: 0.02 * asked.t1,
    }),
    compared({
      site: site.name,
      property: "T2 of muscle",
      unit: "ms",
      asked: asked.t2,
      measured: t2,
      tolerance: 0.02 * asked.t2,
    }),
  ];
}

/** Labelled slices of the site's cases, scanned with its own thickness of slices, beside the published mean. */
function sliceCount(site: ProstateSite, { seed }: ProstatePhantomOptions): Measurement {
  const counts = site.cases.map((id) => {
    const { zones, shape } = prostatePhantomCase(site, id, { seed, side: 16, slices: "real" });
    return labelledSlices(zones, shape).length;
  });
  const asked = site.labelledSlices / site.cases.length;
  return compared({
    site: site.name,
    property: "labelled slices of a case, mean",
    unit: "slices",
    asked,
    measured: mean(counts),
    tolerance: 0.12 * asked,
  });
}
