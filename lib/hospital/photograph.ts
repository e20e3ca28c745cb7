import { WorkbenchError } from "../core/errors";
import { moments } from "../data/set/prepared";
import { resizeSlices } from "../data/set/resize";
import { decodePng, encodePng, type Picture } from "../io/png";
import { checkSize, checkValues, type ImageKind, type OpenImage } from "./image";

const channels = 3;

/** As in the masks that the set was published with: background white, the inner the darker. */
const greyOf = (label: number, classes: number) => Math.round(255 * (1 - label / (classes - 1)));

/**
 * Photographs cropped to the optic disc. As in training the three colours together are brought to mean 0 and deviation 1 (reading
 * `intended`), or to -1 to 1 (`published`).
 */
export const photographs: ImageKind = {
  name: "photographs (.png)",
  ending: /\.png$/i,
  way: (side) =>
    `Each photograph is averaged over the area of ${side} x ${side} new pixels, which is what the network sees; the probabilities it ` +
    "gives are taken linearly between those pixels back to the pixels of the file, where the most probable class counts. Masks are grey, " +
    "255 the background and 0 the innermost class.",
  open(bytes, name, classes, { side, reading }): OpenImage {
    const picture = decodePng(bytes, name);
    const { width, height } = picture;
    if (Math.abs(width / height - 2) <= 0.2)
      throw new WorkbenchError(
        `${name}: ${width} x ${height} pixels look like two crops side by side`,
        "give one of them",
      );
    checkSize(name, [1, height, width], [height, width], side);
    checkValues(name, picture.data);
    const planes = planesOf(picture, side);
    const { mean, deviation } = moments(planes, name);
    const normalise =
      reading === "intended" ? (value: number) => (value - mean) / deviation : (value: number) => value / 127.5 - 1;
    return {
      slices: {
        site: "",
        count: 1,
        height: side,
        width: side,
        channels,
        planes: planes.map(normalise),
        stack: Int32Array.of(0, 1, 2),
        masks: new Uint8Array(side * side),
        cases: [{ id: name, first: 0, count: 1, spacing: [1, 1, 1] }],
      },
      shape: [1, height, width],
      notes: picture.channels === 1 ? ["has no colours, and the models learnt from coloured photographs"] : [],
      encode: (mask) => encodePng({ width, height, channels: 1, data: mask.map((label) => greyOf(label, classes)) }),
      decode: (file) => decodePng(file, name).data.map((grey) => Math.round((1 - grey / 255) * (classes - 1))),
    };
  },
};

/** @returns `[3, side, side]`: red, green, blue, 0 to 255 */
function planesOf({ data, width, height, channels: own }: Picture, side: number): Float32Array {
  const planes = new Float32Array(channels * side * side);
  for (let channel = 0; channel < channels; channel++) {
    const plane = Float32Array.from({ length: width * height }, (_, i) => data[i * own + (own === 3 ? channel : 0)]);
    const same = width === side && height === side;
    planes.set(same ? plane : resizeSlices(plane, [1, height, width], side, side), channel * side * side);
  }
  return planes;
}
