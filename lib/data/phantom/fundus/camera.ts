import type { Random } from "../../../core/random";
import { createNoiseField } from "../shared/noise-field";
import type { FundusCamera, FundusPhantomConfig } from "./config";
import type { Eye } from "./eye";
import { vesselDepth } from "./vessels";
import { resizeSlices } from "../../set/resize";

/** One photograph with its mask, both `side` x `side`. */
export interface FundusView {
  /** `[side, side, 3]`, 0 to 255. */
  readonly image: Uint8Array;
  /** `[side, side]`: 0 background, 1 rim, 2 cup. */
  readonly classes: Uint8Array;
}

const colours = ["red", "green", "blue"] as const;
/** Vessels are thinner than the pixels of a small image: it is drawn at this size at least, and averaged. */
const finest = 192;

/** Photographs an eye: reflectance, blood, stray light, uneven light, blur, shot and read noise, tone curve, whole numbers. */
export function photograph(
  eye: Eye,
  camera: FundusCamera,
  config: FundusPhantomConfig,
  side: number,
  centre: readonly [x: number, y: number],
  random: Random,
): FundusView {
  const factor = Math.max(1, Math.ceil(finest / side));
  const fine = side * factor;
  const pixel = camera.cropMillimetres / fine;
  const blood = vesselDepth(eye.vessels, fine, pixel, centre);
  const reflect = createReflectance(eye, config, random.child("texture"));
  const [slopeX, slopeY] = ["x", "y"].map((axis) => camera.tilt * random.child(`tilt-${axis}`).normal());
  const channels = colours.map(() => new Float32Array(fine * fine));
  const classes = new Uint8Array(side * side);
  for (let row = 0; row < fine; row++) {
    for (let column = 0; column < fine; column++) {
      const place = row * fine + column;
      const [right, down] = [(2 * column + 1) / fine - 1, (2 * row + 1) / fine - 1];
      const light = Math.max(0.2, 1 - camera.shade * (right * right + down * down) + slopeX * right + slopeY * down);
      const reflected = reflect(
        centre[0] + (column - (fine - 1) / 2) * pixel,
        centre[1] + (row - (fine - 1) / 2) * pixel,
      );
      colours.forEach((colour, c) => {
        const seen = reflected[c] * Math.exp(-config.absorption[colour] * blood[place]);
        channels[c][place] = camera.lift + camera.gain[c] * light * seen;
      });
    }
  }
  for (let i = 0; i < classes.length; i++) {
    const x = centre[0] + ((i % side) - (side - 1) / 2) * pixel * factor;
    const y = centre[1] + (Math.floor(i / side) - (side - 1) / 2) * pixel * factor;
    classes[i] = eye.discRadius(x, y) > 1 ? 0 : eye.cupRadius(x, y) > 1 ? 1 : 2;
  }
  const noise = random.child("noise");
  const image = new Uint8Array(side * side * 3);
  // Averaging over larger pixels lowers the noise as a larger sensor would; it is given for 800 pixels.
  const quieter = Math.min(1, side / 800);
  channels.forEach((channel, c) => {
    const sharp = resizeSlices(blurred(channel, fine, camera.blur / pixel), [1, fine, fine], side, side);
    sharp.forEach((signal, i) => {
      const deviation = quieter * Math.sqrt(camera.shotNoise ** 2 * signal + camera.readNoise ** 2);
      const exposed = Math.max(0, Math.min(1, signal + deviation * noise.normal()));
      image[3 * i + c] = Math.round(255 * exposed ** camera.gamma);
    });
  });
  return { image, classes };
}

/**
 * Reflectance of red, green and blue at a point: background with choroid, streaks of nerve fibres, crescent, rim, and the slope
 * of the cup.
 */
function createReflectance(eye: Eye, { reflectance, pigmentEffect, texture }: FundusPhantomConfig, random: Random) {
  const [choroid, fibres] = ["choroid", "fibres"].map((name) => createNoiseField(random.child(name)));
  const background = colours.map(
    (colour) => reflectance.background[colour] * Math.exp(-pigmentEffect[colour] * eye.pigment),
  );
  return (x: number, y: number): readonly number[] => {
    const disc = eye.discRadius(x, y);
    const cup = eye.cupRadius(x, y);
    const distance = Math.sqrt(x * x + y * y) || 1;
    // Fibres run out of the disc: their streaks are long along the radius and thin across it.
    const streaks =
      1 +
      (texture.fibres.value * fibres((8 * x) / distance, (8 * y) / distance, distance / 1.5)) /
        Math.max(1, disc * disc);
    // Two lengths, turned so that the lattice of the noise does not show.
    const patches =
      0.75 * choroid(1.6 * x + 1.2 * y, 1.6 * y - 1.2 * x, 0.5) + 0.65 * choroid(4 * x - 2.6 * y, 4 * y + 2.6 * x, 7.5);
    const mottled = 1 + texture.choroid.value * patches;
    const inDisc = clamp((1.02 - disc) / 0.06 + 0.5);
    const inCup = clamp(((1 - cup) * eye.cupSize) / texture.cupEdge.value + 0.5);
    const crescent =
      eye.atrophy > 0 && eye.temporal * x > 0.35 * distance ? clamp((1 + 0.5 * eye.atrophy - disc) / 0.12 + 0.5) : 0;
    return colours.map((colour, c) => {
      const outside = mix(background[c] * mottled, reflectance.atrophy[colour], 0.7 * crescent);
      return streaks * mix(outside, mix(reflectance.rim[colour], reflectance.cup[colour], inCup), inDisc);
    });
  };
}

const clamp = (value: number) => Math.max(0, Math.min(1, value));
const mix = (from: number, to: number, share: number) => from + share * (to - from);

/** Convolves with a Gaussian of the given deviation in pixels, rows and then columns; edges are repeated. */
function blurred(pixels: Float32Array, side: number, deviation: number): Float32Array {
  const reach = Math.ceil(3 * deviation);
  if (deviation < 0.2) return pixels;
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation * deviation)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const along = (source: Float32Array, stepOf: number, stepTo: number): Float32Array => {
    const result = new Float32Array(source.length);
    for (let line = 0; line < side; line++) {
      for (let i = 0; i < side; i++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++)
          sum += weights[k + reach] * source[line * stepTo + Math.max(0, Math.min(side - 1, i + k)) * stepOf];
        result[line * stepTo + i * stepOf] = sum / total;
      }
    }
    return result;
  };
  return along(along(pixels, 1, side), side, 1);
}
