import type { Random } from "../../../core/random";
import { createNoiseField } from "../shared/noise-field";
import { tissueNames, type ProstatePhantomConfig, type TissueName } from "./config";
import type { ProstateSite } from "../../sets/prostate/sites";

/** One patient's pelvis. Millimetres from the gland's centre: x to the left, y to the back, z to the head. */
export interface Anatomy {
  /** Half the gland's height. */
  readonly halfHeight: number;
  /** Where an endorectal coil lies in the plane: under the front wall of the rectum. */
  readonly coil: readonly [x: number, y: number];
  /** How far the surroundings of the gland are bent at a point: no two pelves are alike. Varies slowly, over centimetres. */
  bendAt(x: number, y: number, z: number): readonly [x: number, y: number];
  /** The tissue at a point, as a place in `tissueNames`. @param bend of a point nearby */
  tissueAt(x: number, y: number, z: number, bend: readonly [x: number, y: number]): number;
  /** Whether a point belongs to the gland. */
  inGland(x: number, y: number, z: number): boolean;
}

const tissue = Object.fromEntries(tissueNames.map((name, index) => [name, index])) as Record<TissueName, number>;

/** Draws one patient of a site. The shape does not depend on how it will be scanned. */
export function createAnatomy(site: ProstateSite, config: ProstatePhantomConfig, random: Random): Anatomy {
  const draw = (name: keyof ProstatePhantomConfig["anatomy"]): number => {
    const { mean, deviation } = config.anatomy[name];
    return mean + deviation * clip(random.child(name).normal());
  };
  const shift = (name: string, deviation: number) => deviation * clip(random.child(name).normal());
  const balloon = site.coil === "endorectal";
  const thickness = (site.throughPlaneMillimetres[0] + site.throughPlaneMillimetres[1]) / 2;
  const halfHeight = ((site.labelledSlices / site.cases.length) * thickness * draw("heightRatio")) / 2;
  const halfWidth = draw("halfWidth");
  const halfDepth = draw("halfDepth") * (balloon ? draw("balloonCompression") : 1);
  const roughness = draw("roughness");
  const bumps = createNoiseField(random.child("outline"));
  const tilt = { x: shift("tilt-x", 0.04), y: 0.12 + shift("tilt-y", 0.06) };

  /** Distance from the centre of the gland in units of its surface: an ellipsoid, widest above its middle, with bumps. */
  const glandRadius = (x: number, y: number, z: number): number => {
    const height = z / halfHeight;
    const level = height - 0.18 * (1 - height * height);
    const across = (x - tilt.x * z) / halfWidth;
    const along = (y - tilt.y * z) / halfDepth;
    const radius = Math.sqrt(across * across + along * along + level * level);
    if (radius < 0.7 || radius > 1.5) return radius;
    return radius * (1 + roughness * bumps((1.6 * across) / radius, (1.6 * along) / radius, (1.6 * level) / radius));
  };
  const rectumHalf = balloon
    ? { x: draw("balloonHalfWidth"), y: draw("balloonHalfDepth") }
    : { x: draw("rectumHalfWidth"), y: draw("rectumHalfDepth") };
  const rectum = { x: shift("rectum", 2), y: halfDepth + rectumHalf.y - (balloon ? 2.5 : 0.5) };
  const rectumWall = balloon ? 2 : 3.5;
  const gas = shift("gas", 0.5);
  const share = draw("transitionShare");
  const bladder = {
    x: shift("bladder-x", 3),
    y: -14 + shift("bladder-y", 3),
    z: halfHeight + 16 + shift("bladder-z", 4),
  };
  const pelvis = draw("pelvicHalfWidth");
  const [bendX, bendY, vessels] = ["bend-x", "bend-y", "vessels"].map((name) => createNoiseField(random.child(name)));

  const rectumTissue = (x: number, y: number, z: number): number | undefined => {
    const centre = rectum.y + 0.002 * z * z;
    if (Math.abs(x - rectum.x) > 1.3 * rectumHalf.x || Math.abs(y - centre) > 1.3 * rectumHalf.y) return undefined;
    const bump = 1 + (balloon ? 0.04 : 0.15) * bumps(x / 14 + 5, y / 14, z / 25);
    const radius = ellipse(x - rectum.x, y - centre, rectumHalf.x, rectumHalf.y) * bump;
    if (radius > 1) return undefined;
    if ((1 - radius) * rectumHalf.y < rectumWall) return tissue.wall;
    return balloon || (y - centre) / rectumHalf.y < gas - 0.2 ? tissue.air : tissue.content;
  };
  const glandTissue = (x: number, y: number, z: number, radius: number): number => {
    if (radius > 0.965) return tissue.stroma;
    const across = x - tilt.x * z;
    const along = y - tilt.y * z;
    const inner = ellipsoid(
      across,
      along + 0.24 * halfDepth,
      z - 0.18 * halfHeight,
      share * halfWidth,
      share * halfDepth,
      0.8 * halfHeight,
    );
    if (inner < 0.95)
      return along < -0.72 * halfDepth && Math.abs(across) < 0.3 * halfWidth ? tissue.stroma : tissue.transition;
    if (inner < 1.03) return tissue.stroma;
    return along < -0.55 * halfDepth && Math.abs(across) < 0.45 * halfWidth ? tissue.stroma : tissue.peripheral;
  };
  const bladderTissue = (x: number, y: number, z: number): number | undefined => {
    const radius = ellipsoid(x - bladder.x, y - bladder.y, z - bladder.z, 36, 26, 24);
    if (radius > 1) return undefined;
    return radius > 0.88 ? tissue.wall : tissue.urine;
  };
  const softTissue = (x: number, y: number, z: number): number | undefined => {
    const side = Math.abs(x);
    if (ellipsoid(side - 15, y - 9, z - halfHeight - 5, 14, 5, 7) < 1) return tissue.vesicle;
    // The levator sling holds gland and rectum, open to the front.
    if (z < 0.4 * halfHeight && y > -12) {
      const sling = ellipse(x, y - rectum.y / 2, halfWidth + 9, rectum.y / 2 + rectumHalf.y + 10);
      if (sling > 0.88 && sling < 1) return tissue.muscle;
    }
    return undefined;
  };
  const pelvicWall = (x: number, y: number, z: number): number | undefined => {
    const side = Math.abs(x);
    const pubis = z < 0.5 * halfHeight ? ellipse(side - 19, y + halfDepth + 27, 18, 11) : Infinity;
    if (pubis < 1) return side < 2.5 ? tissue.wall : bone(pubis, 0.82);
    const outward = side - pelvis - 0.003 * y * y - 0.1 * z;
    const ischium = ellipse(outward - 29, y + 4, 14, 38);
    if (ischium < 1) return bone(ischium, 0.84);
    const obturator = 1 - square((y + 8) / 52);
    if (outward > 0 && outward < 5 + 12 * obturator && obturator > 0) return tissue.muscle;
    if (outward > 44 || ellipse(side - 58, y - 84, 56, 26) < 1) return tissue.muscle;
    const tail = ellipse(x, y - 76, 12, 7);
    if (tail < 1) return bone(tail, 0.7);
    return ellipse(side - 20, y + 70, 18, 6) < 1 ? tissue.muscle : undefined;
  };
  /** Fat is run through by vessels, denser around the gland. */
  const fatTissue = (x: number, y: number, z: number, radius: number): number => {
    const level = vessels(x / 5, y / 5, z / 12);
    return level > 1.4 ? tissue.stroma : level < -1.3 && radius < 1.6 ? tissue.vesicle : tissue.fat;
  };
  return {
    halfHeight,
    coil: [rectum.x, rectum.y - rectumHalf.y + rectumWall + 3],
    bendAt: (x, y, z) => [6 * bendX(x / 35, y / 35, z / 50), 6 * bendY(x / 35, y / 35, z / 50)],
    tissueAt(x, y, z, bend) {
      const inRectum = rectumTissue(x, y, z);
      if (inRectum !== undefined) return inRectum;
      const radius = glandRadius(x, y, z);
      if (radius < 1) return glandTissue(x, y, z, radius);
      const bentX = x + bend[0];
      const bentY = y + bend[1];
      if (ellipse(bentX, bentY - 12, 195, 115) > 1) return tissue.air;
      const organ = bladderTissue(bentX, bentY, z) ?? softTissue(bentX, bentY, z) ?? pelvicWall(bentX, bentY, z);
      return organ ?? fatTissue(x, y, z, radius);
    },
    inGland: (x, y, z) => glandRadius(x, y, z) < 1 && rectumTissue(x, y, z) === undefined,
  };
}

/** Patients beyond two deviations are left out, so that no organ swallows another. */
const clip = (normal: number) => Math.max(-2, Math.min(2, normal));
// Products instead of powers: Math.pow may differ in its last bit between the interpreter and compiled code.
const square = (value: number) => value * value;
const ellipse = (x: number, y: number, halfX: number, halfY: number) =>
  Math.sqrt(square(x / halfX) + square(y / halfY));
const ellipsoid = (x: number, y: number, z: number, halfX: number, halfY: number, halfZ: number) =>
  Math.sqrt(square(x / halfX) + square(y / halfY) + square(z / halfZ));
const bone = (radius: number, inner: number) => (radius > inner ? tissue.cortical : tissue.marrow);
