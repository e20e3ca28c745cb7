import { createRandom } from "../../../core/random";
import { mean } from "../../../core/mean";
import { photograph, type FundusView } from "../../phantom/fundus/camera";
import { fundusPhantomConfig, type FundusCamera, type FundusPhantomConfig } from "../../phantom/fundus/config";
import type { Eye } from "../../phantom/fundus/eye";

interface CardOptions {
  readonly side?: number;
  readonly label: string;
  readonly vessels?: Eye["vessels"];
}

/** Photographs a flat card: an eye that reflects what `reflect` says, 0 to 1, the same in all colours. */
export function card(
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
export function middle({ image }: FundusView, colour: number, share: number, across = share): number {
  const side = Math.sqrt(image.length / 3);
  const half = (of: number) => Math.max(1, Math.round((of * side) / 2));
  const [rows, columns] = [half(share), half(across)];
  const values: number[] = [];
  for (let row = side / 2 - rows; row < side / 2 + rows; row++)
    for (let column = side / 2 - columns; column < side / 2 + columns; column++)
      values.push(image[3 * (row * side + column) + colour]);
  return mean(values);
}
