import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { fundusSiteTable } from "../../../lib/data/sets/fundus/sites";
import {
  deviation,
  edgeDeviation,
  fitLine,
  repeatNoise,
  solve,
  type Measurement,
} from "../../../lib/data/measure/measure";
import { measureFundusCamera } from "../../../lib/data/measure/fundus/measure";
import { measureProstateSite } from "../../../lib/data/measure/prostate/measure";
import { prostatePhantomCase } from "../../../lib/data/phantom/prostate/phantom";
import { prostateSite, prostateSiteTable } from "../../../lib/data/sets/prostate/sites";
import { phantomHash } from "./phantom-hash";
import { loadTypescript } from "../../../lib/core/load-typescript";

const near = (value: number, wanted: number, share: number, what: string) =>
  assert.ok(Math.abs(value / wanted - 1) <= share, `${what}: measured ${value}, asked for ${wanted}`);

test("the measures find what they are given: a Gaussian edge, known noise, a line, the root of a rule", () => {
  // An edge blurred by a Gaussian of deviation 0.8 is its integral; a logistic curve of the same slope would not do.
  const integral = (x: number) =>
    Array.from({ length: 400 }, (_, i) => -6 + (12 * i) / 400).reduce(
      (sum, t) => sum + (t < x ? 0.03 * Math.exp((-t * t) / 2) : 0),
      0,
    ) / Math.sqrt(2 * Math.PI);
  const samples = Array.from({ length: 4000 }, (_, i) => ({
    at: -10 + i / 200,
    value: 7 - 3 * integral((-10 + i / 200 - 2.5) / 0.8),
  }));
  near(edgeDeviation(samples, 0.05, 4), 0.8, 0.02, "deviation of an edge at 2.5");
  const random = createRandom("repeats");
  const [a, b] = [0, 1].map(() =>
    Array.from({ length: 40_000 }, (_, i) => Math.round(20 * Math.sin(i) + random.normal(0, 1.5))),
  );
  near(repeatNoise(a, b, 1), 1.5, 0.02, "deviation of the noise");
  assert.equal(repeatNoise(a, a, 1), 0);
  assert.deepEqual(fitLine([1, 2, 4], [5, 7, 11]), { slope: 2, intercept: 3 });
  near(deviation([1, 5]), 2, 1e-12, "deviation");
  near(
    solve((x) => x * x, 2, 0, 3),
    Math.SQRT2,
    1e-9,
    "root",
  );
  near(
    solve((x) => -x, -2, 0, 3),
    2,
    1e-9,
    "root of a falling rule",
  );
});

const assertAll = (measured: readonly Measurement[]) => {
  assert.ok(measured.length > 8);
  for (const { holds, site, property, ...rest } of measured)
    assert.ok(holds, `${site}, ${property}: ${JSON.stringify(rest)}`);
};

test("noise, resolution, coils, bias, ghost, relaxation and slices of every prostate site are what was asked for", () => {
  for (const site of prostateSiteTable().values())
    assertAll(measureProstateSite(site, { seed: 2023, side: 64, slices: 12 }));
});

test("tone curve, colours, light, blur, noise and blood of every fundus camera are what was asked for", () => {
  for (const site of fundusSiteTable().values()) assertAll(measureFundusCamera(site, { seed: 2023, side: 48 }));
});

test("a second scan is of the same patient, with other noise", () => {
  const options = { seed: 1, side: 32, slices: 5 };
  const [file, again] = [undefined, "again"].map((repeat) =>
    prostatePhantomCase(prostateSite("HK"), "Case38", { ...options, repeat }),
  );
  assert.deepEqual([again.zones, again.spacing], [file.zones, file.spacing]);
  assert.notDeepEqual(again.image, file.image);
});

test("another process makes the same bytes, compiled or interpreted, whatever its time zone and language", () => {
  const root = join(__dirname, "../../..");
  const here = phantomHash();
  for (const flags of [[], ["--no-opt"]]) {
    const args = [
      ...flags,
      ...loadTypescript,
      "-e",
      'process.stdout.write(require("./test/data/phantom/phantom-hash").phantomHash())',
    ];
    const other = execFileSync(process.execPath, args, {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8" },
    });
    assert.equal(other, here);
  }
});
