import { createRandom } from "../core/random";
import type { FundusSite } from "./fundus-sites";
import { compared, deviation, edgeDeviation, fitLine, mean, repeatNoise, type Measurement } from "./measure";
import { fundusPhantomImage, type FundusPhantomOptions } from "./phantom-fundus";
import { photograph, type FundusView } from "./phantom-fundus-camera";
import { fundusPhantomConfig, type FundusCamera, type FundusPhantomConfig } from "./phantom-fundus-config";
import type { Eye } from "./phantom-fundus-eye";

/**
 * Measures one camera as photographs of test cards show it, and its noise from two photographs of an eye of the set; compares
 * with what the site's table asks for. Signals are read through the tone curve that was itself measured.
 */
export function measureFundusCamera(site: FundusSite, options: FundusPhantomOptions): Measurement[] {
  const camera = fundusPhantomConfig().cameras[site.name];
  const curves = toneCurves(camera);
  const row = (property: string, unit: string, asked: number, measured: number, tolerance: number) =>
    compared({ site: site.name, property, unit, asked, measured, tolerance });
  const { shade, tilts } = illumination(camera, curves[1]);
  const blood = absorption(camera, curves);
  const { absorption: asked, vessels } = fundusPhantomConfig();
  return [
    row("tone curve, gamma", "", camera.gamma, curves[1].gamma, 0.03 * camera.gamma),
    ...colours.map((colour, c) => row(`colour, gain of ${colour}`, "", camera.gain[c], curves[c].gain, 0.03 * camera.gain[c])),
    row("stray light", "share", camera.lift, curves[1].lift, 0.008),
    row("shade at half the crop", "share", camera.shade, shade, 0.05 * camera.shade + 0.005),
    row("tilt of the light, deviation", "share", camera.tilt, deviation(tilts), camera.tilt * (3 / Math.sqrt(2 * tilts.length))),
    row("blur, deviation", "mm", camera.blur, blur(camera, curves[1]), 0.06 * camera.blur),
    noise(site, options, curves[1]),
    ...colours.map((colour, c) => row(`blood, loss of ${colour}`, "1/mm", asked[colour], blood[c], 0.06 * asked[colour])),
    row("vein, diameter", "mm", vessels.veinDiameter.value, veinDiameter(camera, curves[1]), 0.05 * vessels.veinDiameter.value),
  ];
}

const colours = ["red", "green", "blue"] as const;
/** Pixels along each side of a real crop, for which the cameras' noise and blur are given. */
const fullSide = 800;
/** Grey cards of these reflectances. */
const greys = [0.08, 0.16, 0.24, 0.32, 0.4, 0.48, 0.56] as const;

/** How a colour's signal follows from its grey value: `(value / 255)^(1 / gamma) = lift + gain reflectance`. */
interface ToneCurve {
  readonly gamma: number;
  readonly gain: number;
  readonly lift: number;
}

const signalOf = (value: number, { gamma }: ToneCurve) => (value / 255) ** (1 / gamma);

/**
 * Of all powers the one that turns the middle of grey cards into a line over their reflectance (the test of ISO 14524), for each
 * colour.
 */
function toneCurves(camera: FundusCamera): ToneCurve[] {
  const cards = greys.map((grey) => card(camera, () => grey, { label: `grey/${grey}` }));
  return colours.map((_, colour) => {
    const values = cards.map((photo) => middle(photo, colour, 0.15));
    const candidates = Array.from({ length: 161 }, (_, i) => 0.6 + i / 200).map((gamma) => {
      const signals = values.map((value) => (value / 255) ** (1 / gamma));
      const { slope: gain, intercept: lift } = fitLine(greys, signals);
      return {
        gamma,
        gain,
        lift,
        rest: mean(signals.map((signal, i) => (signal - lift - gain * greys[i]) ** 2)) / (gain * gain),
      };
    });
    return candidates.reduce((best, each) => (each.rest < best.rest ? each : best));
  });
}

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
  const { image } = card({ ...near, shotNoise: 0, readNoise: 0 }, (x, y) => (x > slope * y ? 0.5 : 0.1), { side, label: "edge" });
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
  return compared({ site: site.name, property, unit, asked: 1000 * asked, measured: 1000 * measured, tolerance: 50 * asked });
}

/**
 * Light lost in a vessel across a grey card, its chord known: the law of Beer and Lambert. The lens is sharp, so that the middle
 * is seen.
 */
function absorption(camera: FundusCamera, curves: readonly ToneCurve[]): number[] {
  const radius = 0.08;
  const sharp = { ...camera, blur: 1e-6, shade: 0, tilt: 0, cropMillimetres: 1 };
  const vessel = card(sharp, () => 0.6, { label: "blood", vessels: [{ from: [-2, 0], to: [2, 0], radius }] });
  return curves.map((curve, c) => {
    const ratio = (signalOf(middle(vessel, c, 0.01, 1), curve) - curve.lift) / (0.6 * curve.gain);
    return -Math.log(ratio) / (2 * radius);
  });
}

/** Of a vein across a grey card: its section, the sum of the light lost on a line across it, is that of a circle. */
function veinDiameter(camera: FundusCamera, curve: ToneCurve): number {
  const { vessels, absorption: loss } = fundusPhantomConfig();
  const [side, crop] = [200, 1];
  const radius = vessels.veinDiameter.value / 2;
  const near = { ...camera, shade: 0, tilt: 0, blur: 1e-6, cropMillimetres: crop };
  const { image } = card(near, () => 0.6, { side, label: "vein", vessels: [{ from: [-2, 0], to: [2, 0], radius }] });
  const rows = Array.from({ length: side }, (_, row) =>
    mean(Array.from({ length: side }, (_, column) => image[3 * (row * side + column) + 1])),
  );
  const lost = rows.map((value) => -Math.log((signalOf(value, curve) - curve.lift) / (0.6 * curve.gain)) / loss.green);
  const ground = mean(lost.slice(0, side / 8));
  const section = lost.reduce((sum, depth) => sum + ((depth - ground) * crop) / side, 0);
  return 2 * Math.sqrt(section / Math.PI);
}

interface CardOptions {
  readonly side?: number;
  readonly label: string;
  readonly vessels?: Eye["vessels"];
}

/** Photographs a flat card: an eye that reflects what `reflect` says, 0 to 1, the same in all colours. */
function card(
  camera: FundusCamera,
  reflect: (x: number, y: number) => number,
  { side = 64, label, vessels = [] }: CardOptions,
): FundusView {
  const config = fundusPhantomConfig();
  const [dark, bright] = [0.001, 1];
  const even = (level: number) => ({ red: level, green: level, blue: level, source: "test card" });
  const smooth = { value: 1e-9, source: "test card" };
  const flat: FundusPhantomConfig = {
    ...config,
    reflectance: { background: even(dark), rim: even(dark), cup: even(bright), atrophy: even(dark) },
    texture: { choroid: smooth, fibres: smooth, cupEdge: { value: 1, source: "test card" } },
  };
  // All is disc; the share of cup in it, which is what the slope of the cup gives, mixes the bright level into the dark.
  const share = (x: number, y: number) => (reflect(x, y) - dark) / (bright - dark);
  const eye: Eye = {
    discRadius: () => 0,
    cupRadius: (x, y) => 1.5 - share(x, y),
    cupSize: 1,
    temporal: 1,
    pigment: 0,
    atrophy: 0,
    vessels,
  };
  return photograph(eye, camera, flat, side, [0, 0], createRandom(`bench/${label}`));
}

/** Mean value of a colour in a square in the middle. @param across the square's height, if it is not square */
function middle({ image }: FundusView, colour: number, share: number, across = share): number {
  const side = Math.sqrt(image.length / 3);
  const half = (of: number) => Math.max(1, Math.round((of * side) / 2));
  const [rows, columns] = [half(share), half(across)];
  const values: number[] = [];
  for (let row = side / 2 - rows; row < side / 2 + rows; row++)
    for (let column = side / 2 - columns; column < side / 2 + columns; column++)
      values.push(image[3 * (row * side + column) + colour]);
  return mean(values);
}
