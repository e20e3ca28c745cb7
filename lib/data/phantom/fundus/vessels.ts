import type { Random } from "../../../core/random";
import type { FundusPhantomConfig } from "./config";

/** A short straight piece of a vessel, millimetres. */
export interface VesselPiece {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly radius: number;
}

type Vector = readonly [x: number, y: number];

const step = 0.06;
/** Millimetres from the disc's centre beyond which nothing is drawn: outside every crop. */
const reach = 4.8;

/**
 * Grows the central vessels of one eye: an artery and a vein to each of the four quadrants, from within the disc, the temporal
 * ones arching round the macula, with side branches that grow thinner.
 * @param temporal 1 when the macula lies to larger x, else -1
 */
export function growVessels(temporal: 1 | -1, { vessels }: FundusPhantomConfig, random: Random): VesselPiece[] {
  const pieces: VesselPiece[] = [];
  const grow = (start: Vector, direction: Vector, radius: number, bend: number, order: number, lot: Random): void => {
    let [at, heading, thickness] = [start, direction, radius];
    let toBranch = vessels.branchEvery.value * lot.uniform(0.5, 1.5);
    for (
      let length = 0;
      length < reach && Math.abs(at[0]) < reach && Math.abs(at[1]) < reach && thickness > 0.01;
      length += step
    ) {
      const turn = bend * step + 0.12 * lot.normal();
      heading = unit([heading[0] - turn * heading[1], heading[1] + turn * heading[0]]);
      const next: Vector = [at[0] + step * heading[0], at[1] + step * heading[1]];
      pieces.push({ from: at, to: next, radius: thickness });
      at = next;
      thickness *= 0.994;
      toBranch -= step;
      if (toBranch > 0 || order === 2) continue;
      const side = lot.uniform() < 0.5 ? 1 : -1;
      const away = unit([heading[0] - side * 0.8 * heading[1], heading[1] + side * 0.8 * heading[0]]);
      grow(at, away, 0.65 * thickness, -0.2 * side, order + 1, lot.child(pieces.length));
      thickness *= 0.93;
      toBranch = vessels.branchEvery.value * lot.uniform(0.6, 1.4);
    }
  };
  for (const kind of ["artery", "vein"] as const) {
    const radius = (kind === "artery" ? vessels.arteryDiameter.value : vessels.veinDiameter.value) / 2;
    for (const up of [-1, 1] as const) {
      for (const side of [temporal, -temporal]) {
        const lot = random.child(`${kind}/${up}/${side}`);
        const isTemporal = side === temporal;
        const start: Vector = [-0.18 * temporal + 0.06 * lot.normal(), 0.08 * up + 0.05 * lot.normal()];
        const heading = unit([side * (isTemporal ? 0.25 : 0.75) + 0.12 * lot.normal(), up + 0.12 * lot.normal()]);
        // The temporal arcades turn towards the macula, the nasal vessels run almost straight.
        const bend = -up * side * (isTemporal ? 0.32 : 0.08);
        grow(start, heading, radius * (isTemporal ? 1 : 0.75) * lot.uniform(0.9, 1.1), bend, 0, lot);
      }
    }
  }
  return pieces;
}

/**
 * Millimetres of blood that light crosses at every pixel: the chord of the round vessel there.
 * @param pixel millimetres between pixels; @param centre the pixel grid's middle, millimetres from the disc's
 * @returns `[side, side]`
 */
export function vesselDepth(pieces: readonly VesselPiece[], side: number, pixel: number, centre: Vector): Float32Array {
  const depth = new Float32Array(side * side);
  const column = (x: number) => (x - centre[0]) / pixel + (side - 1) / 2;
  const row = (y: number) => (y - centre[1]) / pixel + (side - 1) / 2;
  for (const { from, to, radius } of pieces) {
    const [fromX, fromY, toX, toY] = [column(from[0]), row(from[1]), column(to[0]), row(to[1])];
    const reachPixels = radius / pixel;
    const square = (toX - fromX) ** 2 + (toY - fromY) ** 2;
    const last = side - 1;
    for (
      let y = Math.max(0, Math.ceil(Math.min(fromY, toY) - reachPixels));
      y <= Math.min(last, Math.max(fromY, toY) + reachPixels);
      y++
    ) {
      for (
        let x = Math.max(0, Math.ceil(Math.min(fromX, toX) - reachPixels));
        x <= Math.min(last, Math.max(fromX, toX) + reachPixels);
        x++
      ) {
        const along = Math.max(0, Math.min(1, ((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / square));
        const away = (x - fromX - along * (toX - fromX)) ** 2 + (y - fromY - along * (toY - fromY)) ** 2;
        const chord = 2 * pixel * Math.sqrt(Math.max(0, reachPixels * reachPixels - away));
        const place = y * side + x;
        if (chord > depth[place]) depth[place] = chord;
      }
    }
  }
  return depth;
}

function unit([x, y]: Vector): Vector {
  const length = Math.sqrt(x * x + y * y) || 1;
  return [x / length, y / length];
}
