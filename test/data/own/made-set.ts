import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRandom } from "../../../lib/core/random";
import { writeNifti } from "../../../lib/io/nifti";

/** How a made case differs from site to site. */
export interface MadeSite {
  readonly name: string;
  readonly shape: readonly [depth: number, height: number, width: number];
  readonly spacing: readonly [depth: number, height: number, width: number];
  readonly gain: number;
}

/** Three sites of names that no published set has. */
export const madeSites: readonly MadeSite[] = [
  { name: "Alpenklinik", shape: [6, 40, 36], spacing: [4, 1.2, 1.2], gain: 100 },
  { name: "Bergamo", shape: [5, 32, 32], spacing: [5, 1.5, 1.5], gain: 900 },
  { name: "Coimbra-2", shape: [7, 36, 48], spacing: [3, 1, 1], gain: 300 },
];

export interface MadeCase {
  readonly image: Float32Array;
  /** 0 background, 1 wall, 2 cavity: a ring around a disc, in all slices but the first. */
  readonly mask: Uint8Array;
}

/** A case whose classes lie where they are said to lie, so that every count is known. */
export function madeCase({ shape: [depth, height, width], gain, name }: MadeSite, place: number): MadeCase {
  const random = createRandom("made").child(name).child(`${place}`);
  const image = new Float32Array(depth * height * width);
  const mask = new Uint8Array(image.length);
  const [row, column] = [height / 2 + random.normal(), width / 2 + random.normal()];
  const radius = 0.28 * Math.min(height, width);
  for (let i = 0; i < image.length; i++) {
    const [z, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    const distance = Math.hypot(y - row, x - column);
    mask[i] = z === 0 || distance > radius ? 0 : distance > 0.6 * radius ? 1 : 2;
    image[i] = Math.round(gain * (1 + [0, 1, 2.2][mask[i]] + 0.15 * random.normal()));
  }
  return { image, mask };
}

/** @returns the bytes of both files of a made case */
export function madeFiles(site: MadeSite, place: number): { readonly image: Uint8Array; readonly mask: Uint8Array } {
  const { image, mask } = madeCase(site, place);
  const { shape, spacing } = site;
  return { image: writeNifti({ voxels: image, shape, spacing }), mask: writeNifti({ voxels: mask, shape, spacing }) };
}

/** Writes a file below a folder that need not be there yet. */
export function put(folder: string, name: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

/** Writes cases of every site as `site/images/scan-N.nii.gz` with `site/masks/scan-N.nii.gz`. */
export function writeMadeSet(folder: string, cases = 4): void {
  for (const site of madeSites)
    for (let place = 0; place < cases; place++) {
      const { image, mask } = madeFiles(site, place);
      put(folder, `${site.name}/images/scan-${place}.nii.gz`, image);
      put(folder, `${site.name}/masks/scan-${place}.nii.gz`, mask);
    }
}
