import { createRandom } from "../core/random";
import { compared, deviation, edgeDeviation, fitLine, mean, repeatNoise, solve, type EdgeSample, type Measurement } from "./measure";
import { phantomCase, type PhantomOptions } from "./phantom-prostate";
import type { Anatomy } from "./phantom-prostate-anatomy";
import { phantomConfig, tissueNames, type PhantomConfig, type PhantomScan, type TissueName } from "./phantom-prostate-config";
import { scanAnatomy, type PhantomVolume, type ScanOptions } from "./phantom-prostate-scan";
import type { ProstateSite } from "./sites";
import { labelledSlices } from "./stacking";

/**
 * Measures one site's images as a physicist tests a scanner, and compares with what the site's table asks for: the noise from two scans of
 * a patient of the set, all else from scans of test objects. Nothing is read from the constants but what is asked for.
 */
export function measureProstateSite(site: ProstateSite, options: PhantomOptions): Measurement[] {
  return [
    noise(site, options),
    ...resolution(site),
    ...coil(site),
    surfaceRise(site),
    bias(site),
    ghost(site),
    ...relaxation(site),
    sliceCount(site, options),
  ];
}

/** A case of the set and a second scan of it. Where the signal is far above the noise, the magnitude has the noise of one component. */
function noise(site: ProstateSite, options: PhantomOptions): Measurement {
  const [file, again] = [undefined, "again"].map((repeat) => phantomCase(site, site.cases[0], { ...options, repeat }).image);
  const { gain, noiseRatio } = phantomConfig().scans[site.name];
  const asked = (gain * (0.4 / noiseRatio) * options.side) / 384;
  const bright = Array.from(file.keys()).filter((i) => file[i] + again[i] > 12 * asked);
  const measured = repeatNoise(bright.map((i) => file[i]), bright.map((i) => again[i]), 1);
  return compared({ site: site.name, property: "noise, deviation", unit: "scanner units", asked, measured, tolerance: 0.03 * asked });
}

/** Two tissues with a plane between them, a little tilted, seen by the slices and by the pixels. */
function resolution(site: ProstateSite): Measurement[] {
  const slope = 0.05;
  const [lower, upper] = (["muscle", "fat"] satisfies TissueName[]).map((name) => tissueNames.indexOf(name));
  const edge = (across: (x: number, y: number, z: number) => number): Anatomy => ({
    ...testObject(12),
    tissueAt: (x, y, z) => (across(x, y, z) > 0 ? upper : lower),
  });
  // The scan averages over 2 x 2 x 2 points, whose spread along an axis is 0.87 of that of a box as wide as the voxel.
  const points = Math.sqrt(3 / 4);
  const through = scan(site, edge((x, _, z) => z - slope * x), clean, { side: 96, slices: "real" });
  const inPlane = scan(site, edge((x, y) => x - slope * y), clean, { side: 384, slices: 1 });
  const [thickness, pixel] = [through.spacing[0], inPlane.spacing[2]];
  const acquired = Math.max(pixel, (pixel * inPlane.shape[2]) / phantomConfig().scans[site.name].matrix);
  const box = (samples: Iterable<EdgeSample>, width: number) => (Math.sqrt(12) * edgeDeviation(samples, width / 40, 2 * width)) / points;
  const within = ([low, high]: readonly [number, number]) => ({ asked: (low + high) / 2, tolerance: (high - low) / 2 + 0.06 * high });
  return [
    compared({
      site: site.name, property: "slice thickness, from an edge", unit: "mm",
      measured: box(edgeSamples(through, (column, _, slice) => slice * thickness - slope * column * through.spacing[2]), thickness),
      ...within(site.throughPlaneMillimetres),
    }),
    compared({
      site: site.name, property: "pixel width, from an edge", unit: "mm",
      measured: box(edgeSamples(inPlane, (column, row) => (column - slope * row) * pixel), acquired),
      // A matrix finer than 384 pixels is averaged to them.
      ...within(acquired > site.inPlaneMillimetres[1] ? [acquired, acquired] : site.inPlaneMillimetres),
    }),
  ];
}

function* edgeSamples({ image, shape: [depth, height, width] }: PhantomVolume, at: (column: number, row: number, slice: number) => number) {
  for (let i = 0; i < image.length; i++) {
    const [column, row, slice] = [i % width, Math.floor(i / width) % height, Math.floor(i / width / height)];
    yield { at: at(column - (width - 1) / 2, row - (height - 1) / 2, slice - (depth - 1) / 2), value: image[i] };
  }
}

/** An even object with and without the endorectal coil. Both coils' signals add as the root of their squares. */
function coil(site: ProstateSite): Measurement[] {
  const { coilPeak, coilRadius } = phantomConfig().scans[site.name];
  const options = { side: 96, slices: 5 };
  const take = (peak: number) => middleSlice(scan(site, testObject(4), { ...clean, coilPeak: peak }, options));
  const [bright, plain] = [take(coilPeak), take(0)];
  const loop = bright.values.map((value, i) => Math.sqrt(Math.max(0, (value / plain.values[i]) ** 2 - 1)));
  const peak = loop.reduce((highest, value) => Math.max(highest, value), 0);
  const row = { site: site.name, property: "endorectal coil, peak", unit: "times the array", asked: coilPeak, measured: peak, tolerance: 0.03 * coilPeak + 0.05 };
  if (site.coil !== "endorectal") return [compared({ ...row, asked: 0 })];
  // On its axis a loop falls to half where (r^2 / (r^2 + d^2))^1.5 = 1/2.
  const half = loop.filter((value) => value > peak / 2).length * bright.pixel ** 2;
  const radius = Math.sqrt(half / Math.PI) / Math.sqrt(2 ** (2 / 3) - 1);
  return [
    compared(row),
    compared({ site: site.name, property: "endorectal coil, radius", unit: "mm", asked: coilRadius, measured: radius, tolerance: 0.05 * coilRadius }),
  ];
}

/**
 * How much more the array receives 100 mm from the middle, in front and behind: an even object's signal is a parabola of the row. Where its
 * lowest point lies, which moves from patient to patient, is measured with it.
 */
function surfaceRise(site: ProstateSite): Measurement {
  const asked = phantomConfig().scans[site.name].surfaceRise;
  const { values, side, pixel } = middleSlice(scan(site, testObject(4), { ...clean, surfaceRise: asked }, { side: 96, slices: 5 }));
  const rows = Array.from({ length: side }, (_, row) => mean(values.slice(row * side, (row + 1) * side)));
  const depths = rows.map((_, row) => ((row - (side - 1) / 2) * pixel) / 100);
  const linear = fitLine(depths, rows).slope;
  const { slope: square, intercept } = fitLine(depths.map((depth) => depth * depth), rows);
  const lowest = intercept - (linear * linear) / (4 * square);
  return compared({ site: site.name, property: "array, rise at 100 mm", unit: "share", asked, measured: square / lowest, tolerance: 0.03 * asked + 0.005 });
}

/** Deviation between patients of the slope from left to right, over half the field of view. */
function bias(site: ProstateSite): Measurement {
  const asked = phantomConfig().scans[site.name].bias;
  const patients = 120;
  const slopes = Array.from({ length: patients }, (_, patient) => {
    const { values, side } = middleSlice(scan(site, testObject(4), { ...clean, bias: asked }, { side: 16, slices: 1 }, `bias/${patient}`));
    const columns = Array.from({ length: side }, (_, column) => mean(values.filter((_, i) => i % side === column)));
    const { slope, intercept } = fitLine(columns.map((_, column) => (2 * column + 1) / side - 1), columns);
    return slope / intercept;
  });
  // Three standard errors of a deviation, and the share by which the bias' other terms move the mean.
  const tolerance = asked * (3 / Math.sqrt(2 * patients) + 0.05);
  return compared({ site: site.name, property: "receive bias, deviation", unit: "share", asked, measured: deviation(slopes), tolerance });
}

/** A bright ball in air: what is seen where the ball is not, by what is seen where it is. */
function ghost(site: ProstateSite): Measurement {
  const asked = phantomConfig().scans[site.name].ghost;
  const [air, fat] = [tissueNames.indexOf("air"), tissueNames.indexOf("fat")];
  const ball: Anatomy = { ...testObject(4), tissueAt: (x, y) => (x * x + y * y < 400 ? fat : air) };
  const { values } = middleSlice(scan(site, ball, { ...clean, ghost: asked }, { side: 96, slices: 5 }));
  const bright = values.reduce((highest, value) => Math.max(highest, value), 0);
  const copy = values.filter((value) => value > 0 && value < bright / 2).sort((a, b) => a - b);
  return compared({
    site: site.name, property: "ghost, amplitude", unit: "share", asked,
    measured: copy[Math.floor(0.8 * copy.length)] / bright, tolerance: 0.05 * asked,
  });
}

/** T2 of muscle from two echo times, T1 from two repetition times; a site of two fields has the times of one of them. */
function relaxation(site: ProstateSite): Measurement[] {
  const { tissues, fieldScaling } = phantomConfig();
  const signal = (repetition: number, echo: number) =>
    mean(middleSlice(scan(site, testObject(4), { ...clean, repetition, echo }, { side: 16, slices: 1 })).values);
  const t2 = 40 / Math.log(signal(1e6, 20) / signal(1e6, 60));
  const t1 = solve((time) => (1 - Math.exp(-600 / time)) / (1 - Math.exp(-2400 / time)), signal(600, 20) / signal(2400, 20), 50, 5000);
  const atField = site.fieldTesla.map((field) => ({
    t1: tissues.muscle.t1 / (field < 3 ? fieldScaling.t1Ratio3TTo1_5T.value : 1),
    t2: tissues.muscle.t2 * (field < 3 ? fieldScaling.t2Ratio1_5TTo3T.value : 1),
  }));
  const asked = atField.reduce((best, each) => (Math.abs(each.t1 - t1) < Math.abs(best.t1 - t1) ? each : best));
  return [
    compared({ site: site.name, property: "T1 of muscle", unit: "ms", asked: asked.t1, measured: t1, tolerance: 0.02 * asked.t1 }),
    compared({ site: site.name, property: "T2 of muscle", unit: "ms", asked: asked.t2, measured: t2, tolerance: 0.02 * asked.t2 }),
  ];
}

/** Labelled slices of the site's cases, scanned with its own thickness of slices, beside the published mean. */
function sliceCount(site: ProstateSite, { seed }: PhantomOptions): Measurement {
  const counts = site.cases.map((id) => {
    const { zones, shape } = phantomCase(site, id, { seed, side: 16, slices: "real" });
    return labelledSlices(zones, shape).length;
  });
  const asked = site.labelledSlices / site.cases.length;
  return compared({ site: site.name, property: "labelled slices of a case, mean", unit: "slices", asked, measured: mean(counts), tolerance: 0.12 * asked });
}

/** Nothing that disturbs, and steps of the whole numbers that are small beside the signal; a test adds what it measures. */
const clean: Partial<PhantomScan> = { ghost: 0, bias: 0, surfaceRise: 0, coilPeak: 0, noiseRatio: 1e9, gain: 30_000 };

/** An even block of muscle without a gland, a coil in its middle. */
function testObject(halfHeight: number): Anatomy {
  const muscle = tissueNames.indexOf("muscle");
  return { halfHeight, coil: [0, 0], bendAt: () => [0, 0], tissueAt: () => muscle, inGland: () => false };
}

function scan(site: ProstateSite, object: Anatomy, changed: Partial<PhantomScan>, options: ScanOptions, label = "bench"): PhantomVolume {
  const config = phantomConfig();
  const even = Object.fromEntries(tissueNames.map((name) => [name, { ...config.tissues[name], texture: 0 }])) as PhantomConfig["tissues"];
  const scans = { ...config.scans, [site.name]: { ...config.scans[site.name], ...changed } };
  return scanAnatomy(object, site, { ...config, tissues: even, scans }, options, createRandom(`${label}/${site.name}`));
}

function middleSlice({ image, shape: [depth, side], spacing }: PhantomVolume): { values: number[]; side: number; pixel: number } {
  const start = Math.floor(depth / 2) * side * side;
  return { values: Array.from(image.subarray(start, start + side * side)), side, pixel: spacing[1] };
}
