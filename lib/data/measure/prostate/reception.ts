import { mean } from "../../../core/mean";
import { compared, deviation, fitLine, type Measurement } from "../measure";
import type { Anatomy } from "../../phantom/prostate/anatomy";
import { prostatePhantomConfig, tissueNames } from "../../phantom/prostate/config";
import { clean, middleSlice, scan, testObject } from "./test-object";
import type { ProstateSite } from "../../sets/prostate/sites";

/**
 * Measures what a site receives of an even object: its endorectal coil, its array, the bias between patients, and the ghost of a
 * ball.
 */
export function measureReception(site: ProstateSite): Measurement[] {
  return [...coil(site), surfaceRise(site), bias(site), ghost(site)];
}

/** An even object with and without the endorectal coil. Both coils' signals add as the root of their squares. */
function coil(site: ProstateSite): Measurement[] {
  const { coilPeak, coilRadius } = prostatePhantomConfig().scans[site.name];
  const options = { side: 96, slices: 5 };
  const take = (peak: number) => middleSlice(scan(site, testObject(4), { ...clean, coilPeak: peak }, options));
  const [bright, plain] = [take(coilPeak), take(0)];
  const loop = bright.values.map((value, i) => Math.sqrt(Math.max(0, (value / plain.values[i]) ** 2 - 1)));
  const peak = loop.reduce((highest, value) => Math.max(highest, value), 0);
  const row = {
    site: site.name,
    property: "endorectal coil, peak",
    unit: "times the array",
    asked: coilPeak,
    measured: peak,
    tolerance: 0.03 * coilPeak + 0.05,
  };
  if (site.coil !== "endorectal") return [compared({ ...row, asked: 0 })];
  // On its axis a loop falls to half where (r^2 / (r^2 + d^2))^1.5 = 1/2.
  const half = loop.filter((value) => value > peak / 2).length * bright.pixel ** 2;
  const radius = Math.sqrt(half / Math.PI) / Math.sqrt(2 ** (2 / 3) - 1);
  return [
    compared(row),
    compared({
      site: site.name,
      property: "endorectal coil, radius",
      unit: "mm",
      asked: coilRadius,
      measured: radius,
      tolerance: 0.05 * coilRadius,
    }),
  ];
}

/**
 * How much more the array receives 100 mm from the middle, in front and behind: an even object's signal is a parabola of the row.
 * Where its lowest point lies, which moves from patient to patient, is measured with it.
 */
function surfaceRise(site: ProstateSite): Measurement {
  const asked = prostatePhantomConfig().scans[site.name].surfaceRise;
  const { values, side, pixel } = middleSlice(
    scan(site, testObject(4), { ...clean, surfaceRise: asked }, { side: 96, slices: 5 }),
  );
  const rows = Array.from({ length: side }, (_, row) => mean(values.slice(row * side, (row + 1) * side)));
  const depths = rows.map((_, row) => ((row - (side - 1) / 2) * pixel) / 100);
  const linear = fitLine(depths, rows).slope;
  const { slope: square, intercept } = fitLine(
    depths.map((depth) => depth * depth),
    rows,
  );
  const lowest = intercept - (linear * linear) / (4 * square);
  return compared({
    site: site.name,
    property: "array, rise at 100 mm",
    unit: "share",
    asked,
    measured: square / lowest,
    tolerance: 0.03 * asked + 0.005,
  });
}

/** Deviation between patients of the slope from left to right, over half the field of view. */
function bias(site: ProstateSite): Measurement {
  const asked = prostatePhantomConfig().scans[site.name].bias;
  const patients = 120;
  const slopes = Array.from({ length: patients }, (_, patient) => {
    const { values, side } = middleSlice(
      scan(site, testObject(4), { ...clean, bias: asked }, { side: 16, slices: 1 }, `bias/${patient}`),
    );
    const columns = Array.from({ length: side }, (_, column) => mean(values.filter((_, i) => i % side === column)));
    const { slope, intercept } = fitLine(
      columns.map((_, column) => (2 * column + 1) / side - 1),
      columns,
    );
    return slope / intercept;
  });
  // Three standard errors of a deviation, and the share by which the bias' other terms move the mean.
  const tolerance = asked * (3 / Math.sqrt(2 * patients) + 0.05);
  return compared({
    site: site.name,
    property: "receive bias, deviation",
    unit: "share",
    asked,
    measured: deviation(slopes),
    tolerance,
  });
}

/** A bright ball in air: what is seen where the ball is not, by what is seen where it is. */
function ghost(site: ProstateSite): Measurement {
  const asked = prostatePhantomConfig().scans[site.name].ghost;
  const [air, fat] = [tissueNames.indexOf("air"), tissueNames.indexOf("fat")];
  const ball: Anatomy = { ...testObject(4), tissueAt: (x, y) => (x * x + y * y < 400 ? fat : air) };
  const { values } = middleSlice(scan(site, ball, { ...clean, ghost: asked }, { side: 96, slices: 5 }));
  const bright = values.reduce((highest, value) => Math.max(highest, value), 0);
  const copy = values.filter((value) => value > 0 && value < bright / 2).sort((a, b) => a - b);
  return compared({
    site: site.name,
    property: "ghost, amplitude",
    unit: "share",
    asked,
    measured: copy[Math.floor(0.8 * copy.length)] / bright,
    tolerance: 0.05 * asked,
  });
}
