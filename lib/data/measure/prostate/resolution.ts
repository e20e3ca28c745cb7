import { compared, edgeDeviation, type EdgeSample, type Measurement } from "../measure";
import type { Anatomy } from "../../phantom/prostate/anatomy";
import { prostatePhantomConfig, tissueNames, type TissueName } from "../../phantom/prostate/config";
import type { ProstatePhantomVolume } from "../../phantom/prostate/scan";
import { clean, scan, testObject } from "./test-object";
import type { ProstateSite } from "../../sets/prostate/sites";

/** Two tissues with a plane between them, a little tilted, seen by the slices and by the pixels. */
export function measureResolution(site: ProstateSite): Measurement[] {
  const slope = 0.05;
  const [lower, upper] = (["muscle", "fat"] satisfies TissueName[]).map((name) => tissueNames.indexOf(name));
  const edge = (across: (x: number, y: number, z: number) => number): Anatomy => ({
    ...testObject(12),
    tissueAt: (x, y, z) => (across(x, y, z) > 0 ? upper : lower),
  });
  // The scan averages over 2 x 2 x 2 points, whose spread along an axis is 0.87 of that of a box as wide as the voxel.
  const points = Math.sqrt(3 / 4);
  const through = scan(
    site,
    edge((x, _, z) => z - slope * x),
    clean,
    { side: 96, slices: "real" },
  );
  const inPlane = scan(
    site,
    edge((x, y) => x - slope * y),
    clean,
    { side: 384, slices: 1 },
  );
  const [thickness, pixel] = [through.spacing[0], inPlane.spacing[2]];
  const acquired = Math.max(pixel, (pixel * inPlane.shape[2]) / prostatePhantomConfig().scans[site.name].matrix);
  const box = (samples: Iterable<EdgeSample>, width: number) =>
    (Math.sqrt(12) * edgeDeviation(samples, width / 40, 2 * width)) / points;
  const within = ([low, high]: readonly [number, number]) => ({
    asked: (low + high) / 2,
    tolerance: (high - low) / 2 + 0.06 * high,
  });
  return [
    compared({
      site: site.name,
      property: "slice thickness, from an edge",
      unit: "mm",
      measured: box(
        edgeSamples(through, (column, _, slice) => slice * thickness - slope * column * through.spacing[2]),
        thickness,
      ),
      ...within(site.throughPlaneMillimetres),
    }),
    compared({
      site: site.name,
      property: "pixel width, from an edge",
      unit: "mm",
      measured: box(
        edgeSamples(inPlane, (column, row) => (column - slope * row) * pixel),
        acquired,
      ),
      // A matrix finer than 384 pixels is averaged to them.
      ...within(acquired > site.inPlaneMillimetres[1] ? [acquired, acquired] : site.inPlaneMillimetres),
    }),
  ];
}

function* edgeSamples(
  { image, shape: [depth, height, width] }: ProstatePhantomVolume,
  at: (column: number, row: number, slice: number) => number,
) {
  for (let i = 0; i < image.length; i++) {
    const [column, row, slice] = [i % width, Math.floor(i / width) % height, Math.floor(i / width / height)];
    yield { at: at(column - (width - 1) / 2, row - (height - 1) / 2, slice - (depth - 1) / 2), value: image[i] };
  }
}
