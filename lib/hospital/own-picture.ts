import { ownSlices } from "../data/sets/own/slices";
import { maskValues, readSamples } from "../data/sets/own/read/picture";
import { picturePlanes } from "../data/sets/own/read/planes";
import type { CaseRules } from "../data/sets/own/rules";
import { valueOfColour } from "../data/task/classes";
import { encodePng } from "../io/png";
import { checkValues, checkVoxels, type ImageKind, type OpenImage } from "./image";
import { maskCodes } from "./own-codes";

/** Pictures of a task of one's own, read and normalised by its rules; masks are PNG. */
export function ownPictures(rules: CaseRules): ImageKind {
  const { own, labels, inChannels } = rules;
  const { greys, colours, text } = maskCodes(labels, true);
  const values = colours ? colours.map(valueOfColour) : greys;
  return {
    name: "pictures (.png, .jpg, .bmp, .tif)",
    ending: /\.(png|jpe?g|bmp|tiff?)$/i,
    labels,
    way: (side) =>
      `Each picture is averaged over the area of ${side} x ${side} new pixels, which is what the network sees; the probabilities it gives ` +
      `are taken linearly between those pixels back to the pixels of the file, where the most probable class counts. Values of masks: ${text}.`,
    open(bytes, name, _, { side }): OpenImage {
      const picture = readSamples(bytes, name);
      const { height, width, notes } = picture;
      checkVoxels(name, [1, height, width]);
      checkValues(name, picture.data);
      const seen = picturePlanes(own.normalisation, picture, inChannels, name, side);
      const prepared = {
        ...{ site: "", id: name, height: side, width: side, ...seen, notes, slices: [0], labels: [] },
        masks: new Uint8Array(side * side),
        shape: [height, width],
        spacing: [1, height / side, width / side] as const,
      };
      return {
        slices: ownSlices(rules, prepared, "intended"),
        shape: [1, height, width],
        notes: inChannels === 3 && picture.channels === 1 ? [...notes, "has no colours; shown in all three"] : notes,
        encode(mask) {
          if (!colours) return encodePng({ width, height, channels: 1, data: mask.map((label) => greys[label]) });
          const data = Uint8Array.from({ length: 3 * mask.length }, (_, i) => colours[mask[Math.floor(i / 3)]][i % 3]);
          return encodePng({ width, height, channels: 3, data });
        },
        decode: (file) =>
          Uint8Array.from(maskValues(readSamples(file, name)), (value) => Math.max(0, values.indexOf(value))),
      };
    },
  };
}
