import type { FundusSite } from "../../sets/fundus/sites";
import { card } from "./test-card";
import { mean } from "../../../core/mean";
import { compared, deviation, edgeDeviation, fitLine, repeatNoise, type Measurement } from "../measure";
import { measureAbsorption, measureVein } from "./blood";
import { measureTone, signalOf, type ToneCurve } from "./tone";
import { fundusPhantomImage, type FundusPhantomOptions } from "../../phantom/fundus/phantom";
import { fundusPhantomConfig, type FundusCamera } from "../../phantom/fundus/config";

/**
 * Measures one camera as photographs of test cards show it, and its noise from two photographs of an eye of the set; compares
 * with what the site's table asks for. Signals are read through the tone curve that was itself measured.
 */
export function measureFundusCamera(site: FundusSite, options: FundusPhantomOptions): Measurement[] {
  const camera = fundusPhantomConfig().cameras[site.name];
  const curves = measureTone(camera);
  const row = (property: string, unit: string, asked: number, measured: number, tolerance: number) =>
    compared({ site: site.name, property, unit, asked, measured, tolerance });
  const { shade, tilts } = illumination(camera, curves[1]);
  const blood = measureAbsorption(camera, curves);
  const { absorption: asked, vessels } = fundusPhantomConfig();
  return [
    row("tone curve, gamma", "", camera.gamma, curves[1].gamma, 0.03 * camera.gamma),
    ...colours.map((colour, c) =>
      row(`colour, gain of ${colour}`, "", camera.gain[c], curves[c].gain, 0.03 * camera.gain[c]),
    ),
    row("stray light", "share", camera.lift, curves[1].lift, 0.008),
    row("shade at half the crop", "share", camera.shade, shade, 0.05 * camera.shade + 0.005),
    row(
      "tilt of the light, deviation",
      "share",
      camera.tilt,
      deviation(tilts),
      camera.tilt * (3 / Math.sqrt(2 * tilts.length)),
    ),
    row("blur, deviation", "mm", camera.blur, blur(camera, curves[1]), 0.06 * camera.blur),
    noise(site, options, curves[1]),
    ...colours.map((colour, c) =>
      row(`blood, loss of ${colour}`, "1/mm", asked[colour], blood[c], 0.06 * asked[colour]),
    ),
    row(
      "vein, diameter",
      "mm",
      vessels.veinDiameter.value,
      measureVein(camera, curves[1]),
      0.05 * vessels.veinDiameter.value,
    ),
  ];
}

const colours = ["red", "green", "blue"] as const;
/** Pixels along each side of a real crop, for which the cameras' noise and blur are given. */
const fullSide = 800;

/** Light over a grey card: `1 - shade r^2 + tilt x + ...`, from many photographs. */
function illumination(camera: FundusCamera, curve: ToneCurve): { shade: number; tilts: number[] } {
  const fits = Array.from({ length: 24 }, (_, shot) => {
    const { image } = card(camera, () => 0.4, { side: 32, label: `light/${shot}` });
    const places = Array.from({ length: 32 * 32 }, (_, i) => [
      (2 * (i % 32) + 1) / 32 - 1,
      (2 * Math.floor(i / 32) + 1) / 32 - 1,
    ]);
    const light = places.map((_, i) => (signalOf(image[3 * i + 1], curve) - curve.lift) / (0.4 * curve.gain));
    const radial = fitLine(
      places.map(([x, y]) => x * x + y * y),
      light,
    );
    return {
      shade: -radial.slope / radial.intercept,
      tilts: [0, 1].map(
        (axis) =>
          fitLine(
            places.map((place) => place[axis]),
            light,
          ).slope,
      ),
    };
  });
  return { shade: mean(fits.map(({ shade }) => shade)), tilts: fits.flatMap(({ tilts }) => tilts) };
}

/** Deviation of the point spread, from a bright card's edge beside a dark one. */
function blur(camera: FundusCamera, curve: ToneCurve): number {
  const side = 256;
  const [slope, pixel] = [0.05, camera.cropMillimetres / fullSide];
  const near = { ...camera, cropMillimetres: pixel * side, shade: 0, tilt: 0 };
  const { image } = card({ ...near, shotNoise: 0, readNoise: 0 }, (x, y) => (x > slope * y ? 0.5 : 0.1), {
    side,
    label: "edge",
  });
  const samples = Array.from({ length: side * side }, (_, i) => ({
    at: ((i % side) - slope * Math.floor(i / side)) * pixel,
    value: signalOf(image[3 * i + 1], curve),
  }));
  return edgeDeviation(samples, pixel / 4, 5 * camera.blur);
}

/**
 * An eye of the set, photographed once more, in the green pixels of middling brightness. Pixels are those of half the real size:
 * in smaller images the noise is averaged below the step of the whole numbers.
 */
function noise(site: FundusSite, options: FundusPhantomOptions, curve: ToneCurve): Measurement {
  const camera = fundusPhantomConfig().cameras[site.name];
  const side = fullSide / 2;
  const [file, again] = [undefined, "again"].map(
    (repeat) => fundusPhantomImage(site, 1, { ...options, side, repeat }).views[0].image,
  );
  const greens = Array.from({ length: side * side }, (_, i) => [file[3 * i + 1], again[3 * i + 1]]);
  const chosen = greens.filter(([a, b]) => a + b > 80 && a + b < 400);
  const signals = chosen.map((pair) => pair.map((value) => signalOf(value, curve)));
  const level = mean(signals.map(([a, b]) => (a + b) / 2));
  // A step of the whole numbers is this wide there, in the unit of the signal.
  const step = mean(chosen.map(([a]) => signalOf(a + 1, curve) - signalOf(a, curve)));
  const measured = repeatNoise(
    signals.map(([a]) => a),
    signals.map(([, b]) => b),
    step,
  );
  const asked = (side / fullSide) * Math.sqrt(camera.shotNoise ** 2 * level + camera.readNoise ** 2);
  const [property, unit] = ["noise, deviation", "thousandths"];
  return compared({
    site: site.name,
    property,
    unit,
    asked: 1000 * asked,
    measured: 1000 * measured,
    tolerance: 50 * asked,
  });
}
