import type { Random } from "../../../core/random";
import { createNoiseField } from "../shared/noise-field";
import type { FundusPhantomConfig } from "./config";
import { growVessels, type VesselPiece } from "./vessels";

/** One eye around its optic disc. Millimetres of retina from the disc's centre: x to the right of the image, y down. */
export interface Eye {
  /** Distance from the centre in units of the disc's outline: below 1 in the disc. `cupRadius` likewise of the cup's. */
  discRadius(x: number, y: number): number;
  cupRadius(x: number, y: number): number;
  /** Half the mean diameter of the cup. */
  readonly cupSize: number;
  /** 1 when the macula lies to larger x. */
  readonly temporal: 1 | -1;
  /** Melanin of the choroid, 0 on average. */
  readonly pigment: number;
  /** Width of the pale crescent at the temporal side, in units of the disc's radius; 0 for none. */
  readonly atrophy: number;
  readonly vessels: readonly VesselPiece[];
}

/** Draws one eye. Its shape does not depend on how it will be photographed. @param glaucoma whether its cup is enlarged */
export function createEye(glaucoma: boolean, config: FundusPhantomConfig, random: Random): Eye {
  const draw = (name: keyof FundusPhantomConfig["eye"]): number => {
    const { mean, deviation } = config.eye[name];
    return mean + deviation * Math.max(-2, Math.min(2, random.child(name).normal()));
  };
  const temporal = random.child("eye").uniform() < 0.5 ? 1 : -1;
  const width = draw("discHorizontal") / 2;
  const disc = { x: width, y: width * draw("discElongation") };
  const ratio = Math.max(0.2, Math.min(0.88, draw(glaucoma ? "cupRatioGlaucoma" : "cupRatioNormal")));
  const elongation = Math.sqrt(draw("cupElongation"));
  const cup = { x: (ratio * disc.x) / elongation, y: Math.min(0.92 * disc.y, ratio * disc.y * elongation) };
  // The nasal rim is wider than the temporal one, so that the cup lies to the temporal side, as far as it has room.
  const shift = {
    x: temporal * 0.3 * (disc.x - cup.x),
    y: 0.1 * (disc.y - cup.y) * Math.max(-1, Math.min(1, random.child("cup-y").normal())),
  };
  const roughness = Math.max(0.005, draw("outlineRoughness"));
  const [discBumps, cupBumps] = ["disc", "cup"].map((name) => createNoiseField(random.child(`${name}-outline`)));
  const tilt = 0.08 * Math.max(-2, Math.min(2, random.child("tilt").normal()));
  /** An ellipse with bumps that depend on the direction alone. */
  const radius = (
    x: number,
    y: number,
    half: { x: number; y: number },
    bumps: typeof discBumps,
    rough: number,
  ): number => {
    const [across, along] = [(x + tilt * y) / half.x, (y - tilt * x) / half.y];
    const length = Math.sqrt(across * across + along * along);
    return length === 0 ? 0 : length * (1 + rough * bumps((1.5 * across) / length, (1.5 * along) / length, 0));
  };
  const atrophy = draw("atrophyShare");
  return {
    discRadius: (x, y) => radius(x, y, disc, discBumps, roughness),
    cupRadius: (x, y) => radius(x - shift.x, y - shift.y, cup, cupBumps, 1.6 * roughness),
    cupSize: (cup.x + cup.y) / 2,
    temporal,
    pigment: draw("pigment"),
    atrophy: atrophy < 0.25 ? 0 : atrophy,
    vessels: growVessels(temporal, config, random.child("vessels")),
  };
}
