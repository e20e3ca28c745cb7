import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { createRandom, type Random } from "../../lib/core/random";
import { createAnatomy, type Anatomy } from "../../lib/data/phantom-prostate-anatomy";
import { phantomConfig, tissueNames, type PhantomConfig, type PhantomScan, type TissueName } from "../../lib/data/phantom-prostate-config";
import { scanAnatomy, type PhantomVolume } from "../../lib/data/phantom-prostate-scan";
import { prostateSite, prostateSites, type ProstateSiteName } from "../../lib/data/sites";
import { phantomHash } from "./phantom-hash";

const near = (value: number, wanted: number, share: number, what: string) =>
  assert.ok(Math.abs(value / wanted - 1) <= share, `${what}: measured ${value}, asked for ${wanted}`);

/** The site's scan with some of its disturbances changed. */
function withScan(name: ProstateSiteName, changed: Partial<PhantomScan>, plain = false): PhantomConfig {
  const config = phantomConfig();
  const still = tissueNames.map((tissue) => [tissue, { ...config.tissues[tissue], texture: 0 }] as const);
  const tissues = plain ? (Object.fromEntries(still) as PhantomConfig["tissues"]) : config.tissues;
  return { ...config, tissues, scans: { ...config.scans, [name]: { ...config.scans[name], ...changed } } };
}

/** The same draws but for the noise. */
const withNoise = (random: Random, noise: string): Random => ({ ...random, child: (label) => random.child(label === "noise" ? noise : label) });

test("the noise of every site, measured from two scans of one patient, is what its table asks for", () => {
  for (const name of prostateSites) {
    const [site, config, side] = [prostateSite(name), phantomConfig(), 64];
    const anatomy = createAnatomy(site, config, createRandom("noise"));
    const [a, b] = ["a", "b"].map((noise) => scanAnatomy(anatomy, site, config, { side, slices: 8 }, withNoise(createRandom("scan"), noise)).image);
    const { gain, noiseRatio } = config.scans[name];
    const asked = gain * (0.4 / noiseRatio) * (side / 384);
    // Where the signal is far above the noise, the magnitude's deviation is that of one component.
    const differences = Array.from(a, (value, i) => [value - b[i], value + b[i]]).filter(([, sum]) => sum > 12 * asked).map(([difference]) => difference);
    assert.ok(differences.length > 5000, `${name}: ${differences.length} bright pixels`);
    const variance = differences.reduce((sum, value) => sum + value * value, 0) / differences.length / 2;
    near(Math.sqrt(variance - 1 / 12), asked, 0.02, `${name}: deviation of the noise`);
  }
});

/** A patient made of two tissues with a plane between them, a little tilted against the slices. */
const slope = 0.05;
const tiltedEdge = (halfHeight: number): Anatomy => {
  const [lower, upper] = (["muscle", "fat"] satisfies TissueName[]).map((tissue) => tissueNames.indexOf(tissue));
  return { halfHeight, coil: [0, 0], bendAt: () => [0, 0], tissueAt: (x, _, z) => (z > slope * x ? upper : lower), inGland: () => false };
};
const clean = { ghost: 0, bias: 0, surfaceRise: 0, coilPeak: 0, noiseRatio: 1e9 };

/** Width of the box that blurs a tilted edge as the slices do, millimetres: the deviation of the edge's derivative times the root of 12. */
function measuredThickness({ image, shape: [depth, height, width], spacing }: PhantomVolume): number {
  const bin = spacing[0] / 40;
  const bins = new Map<number, { sum: number; count: number }>();
  for (let slice = 0; slice < depth; slice++) {
    for (let column = 0; column < width; column++) {
      const distance = (slice - (depth - 1) / 2) * spacing[0] - slope * (column - (width - 1) / 2) * spacing[2];
      const place = Math.round(distance / bin);
      const { sum, count } = bins.get(place) ?? { sum: 0, count: 0 };
      bins.set(place, { sum: sum + image[(slice * height + height / 2) * width + column], count: count + 1 });
    }
  }
  const edge = [...bins].sort(([a], [b]) => a - b).map(([place, { sum, count }]) => ({ at: place * bin, value: sum / count })).filter(({ at }) => Math.abs(at) < 2 * spacing[0]);
  const steps = edge.slice(1).map(({ at, value }, i) => ({ at: (at + edge[i].at) / 2, weight: value - edge[i].value }));
  const total = steps.reduce((sum, { weight }) => sum + weight, 0);
  const mean = steps.reduce((sum, { at, weight }) => sum + (at * weight) / total, 0);
  return Math.sqrt(12 * steps.reduce((sum, { at, weight }) => sum + ((at - mean) ** 2 * weight) / total, 0));
}

test("the resolution through the plane, measured from the blur of a tilted edge, is what the site's table asks for", () => {
  for (const name of prostateSites) {
    const site = prostateSite(name);
    const volume = scanAnatomy(tiltedEdge(12), site, withScan(name, clean, true), { side: 96, slices: "real" }, createRandom(`edge/${name}`));
    const [low, high] = site.throughPlaneMillimetres;
    assert.ok(volume.spacing[0] >= low && volume.spacing[0] <= high, `${name}: slices of ${volume.spacing[0]} mm`);
    // Two points stand for the whole slice: their spread is 0.87 of a box's.
    near(measuredThickness(volume), Math.sqrt(3 / 4) * volume.spacing[0], 0.06, `${name}: thickness, mm`);
  }
});

test("the endorectal coils brighten what lies near them by the peak and over the radius that were asked for; other sites have none", () => {
  const muscle = tissueNames.indexOf("muscle");
  for (const name of prostateSites) {
    const [site, side] = [prostateSite(name), 96];
    const { coilPeak, coilRadius } = phantomConfig().scans[name];
    assert.equal(coilPeak > 0, site.coil === "endorectal", `${name}: coil "${site.coil}" with a peak of ${coilPeak}`);
    if (coilPeak === 0) continue;
    const anatomy: Anatomy = { halfHeight: 4, coil: [0, 0], bendAt: () => [0, 0], tissueAt: () => muscle, inGland: () => false };
    const scan = (peak: number) => scanAnatomy(anatomy, site, withScan(name, { ...clean, coilPeak: peak, gain: 3000 }, true), { side, slices: 5 }, createRandom("coil"));
    const [bright, plain] = [scan(coilPeak), scan(0)];
    // Both coils' signals add as the root of their squares, so the loop alone is what exceeds the array's.
    const middle = 2 * side * side;
    const loop = Array.from(bright.image.subarray(middle, middle + side * side), (value, i) => Math.sqrt(Math.max(0, (value / plain.image[middle + i]) ** 2 - 1)));
    const peakAt = loop.indexOf(Math.max(...loop));
    near(loop[peakAt], coilPeak, 0.03, `${name}: peak`);
    // On its axis a loop falls to half at 0.766 radii: (r^2 / (r^2 + d^2))^1.5 = 1/2.
    const half = loop.filter((value) => value > loop[peakAt] / 2).length * bright.spacing[1] * bright.spacing[2];
    near(Math.sqrt(half / Math.PI) / Math.sqrt(2 ** (2 / 3) - 1), coilRadius, 0.05, `${name}: radius, mm`);
  }
});

test("another process makes the same bytes, compiled or interpreted, whatever its time zone and language", () => {
  const root = join(__dirname, "..", "..");
  for (const flags of [[], ["--no-opt"]]) {
    const args = [...flags, "-r", "ts-node/register", "-e", 'process.stdout.write(require("./test/data/phantom-hash").phantomHash())'];
    const other = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", env: { ...process.env, TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8" } });
    assert.equal(other, phantomHash());
  }
});
