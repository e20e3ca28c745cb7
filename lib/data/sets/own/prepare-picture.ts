import { WorkbenchError } from "../../../core/errors";
import { compact, valuesOf, type CaseBytes, type MadeCase } from "../../set/prepared";
import { resizeSlices } from "../../set/resize";
import { classesIn, resizeClasses } from "./read/classes";
import { intensitiesBy } from "./read/intensities";
import { isJpeg, maskValues, readSamples, type Samples } from "./read/picture";
import type { CaseRules } from "./rules";

/**
 * Makes a picture ready: its mask, grey or in colours, laid over it pixel by pixel, both resized. Distances are told in its own
 * pixels. @throws WorkbenchError naming the case and what is wrong with it
 */
export function preparePicture(
  { labels, inChannels, own }: CaseRules,
  site: string,
  id: string,
  bytes: CaseBytes,
  side: number,
): MadeCase {
  const name = `${site}/${id}`;
  const image = readSamples(bytes.image, `${name} image`);
  if (isJpeg(bytes.mask))
    throw new WorkbenchError(
      `${name}: the mask is a JPEG picture, which blurs its values`,
      "save the original mask as PNG",
    );
  const mask = readSamples(bytes.mask, `${name} mask`);
  const { height, width } = image;
  if (height !== mask.height || width !== mask.width)
    throw new WorkbenchError(
      `${name}: the image has ${height} x ${width} pixels, its mask ${mask.height} x ${mask.width}`,
      "pair the right files, or resize the mask (nearest neighbour)",
    );
  const values = maskValues(mask);
  const shape = [1, height, width] as const;
  const masks = resizeClasses(classesIn(values, labels, name), shape, side, labels.length);
  const { values: pixels, mean, deviation } = intensitiesBy(own.normalisation, planesOf(image, inChannels), name);
  const same = height === side && width === side;
  return {
    ...{ site, id, slices: [0], mean, deviation, masks, height: side, width: side },
    planes: compact(same ? pixels : resizeSlices(pixels, [inChannels, height, width], side, side)),
    spacing: [1, height / side, width / side],
    shape: [height, width],
    labels: valuesOf(values),
    notes: [...image.notes, ...mask.notes],
  };
}

/** Grey pictures are shown in every channel; of colours one channel is their brightness (ITU-R BT.601). @returns `[channel, height, width]` */
function planesOf({ data, channels, width, height }: Samples, wanted: number): Float32Array {
  const area = height * width;
  return Float32Array.from({ length: wanted * area }, (_, i) => {
    const [channel, pixel] = [Math.floor(i / area), i % area];
    if (channels === 1) return data[pixel];
    if (wanted === 3) return data[3 * pixel + channel];
    return 0.299 * data[3 * pixel] + 0.587 * data[3 * pixel + 1] + 0.114 * data[3 * pixel + 2];
  });
}
