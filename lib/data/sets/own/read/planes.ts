import type { ReadVolume } from "../../../../io/nifti";
import { resizeSlices } from "../../../set/resize";
import { intensitiesBy, type Normalisation } from "./intensities";
import type { Samples } from "./picture";

/** What of an image the network sees at a size, before its mean is taken off and it is divided by its deviation. */
interface Seen {
  /** `[plane, side, side]`: every slice of a volume, every channel of a picture. */
  readonly planes: Float32Array;
  readonly mean: number;
  readonly deviation: number;
}

/** @throws WorkbenchError naming the image when all of its values are equal */
export const volumePlanes = (rule: Normalisation, volume: ReadVolume, name: string, side: number): Seen =>
  seen(rule, volume.voxels, volume.shape, name, side);

/** @param channels that are wanted: grey pictures are shown in every one; of colours a single one is their brightness @throws as `volumePlanes` */
export function picturePlanes(
  rule: Normalisation,
  picture: Samples,
  channels: number,
  name: string,
  side: number,
): Seen {
  return seen(rule, planesOf(picture, channels), [channels, picture.height, picture.width], name, side);
}

function seen(
  rule: Normalisation,
  values: Float32Array,
  shape: readonly [count: number, height: number, width: number],
  name: string,
  side: number,
): Seen {
  const { values: cut, ...moments } = intensitiesBy(rule, values, name);
  const same = shape[1] === side && shape[2] === side;
  return { planes: same ? cut : resizeSlices(cut, shape, side, side), ...moments };
}

/** Brightness is that of ITU-R BT.601. @returns `[channel, height, width]` */
function planesOf({ data, channels, width, height }: Samples, wanted: number): Float32Array {
  const area = height * width;
  return Float32Array.from({ length: wanted * area }, (_, i) => {
    const [channel, pixel] = [Math.floor(i / area), i % area];
    if (channels === 1) return data[pixel];
    if (wanted === 3) return data[3 * pixel + channel];
    return 0.299 * data[3 * pixel] + 0.587 * data[3 * pixel + 1] + 0.114 * data[3 * pixel + 2];
  });
}
