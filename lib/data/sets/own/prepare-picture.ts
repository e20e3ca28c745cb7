import { WorkbenchError } from "../../../core/errors";
import { compact, valuesOf, type CaseBytes, type MadeCase } from "../../set/prepared";
import { classesIn, resizeClasses } from "./read/classes";
import { isJpeg, maskValues, readSamples } from "./read/picture";
import { picturePlanes } from "./read/planes";
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
  const { planes, mean, deviation } = picturePlanes(own.normalisation, image, inChannels, name, side);
  return {
    ...{ site, id, slices: [0], mean, deviation, masks, height: side, width: side },
    planes: compact(planes),
    spacing: [1, height / side, width / side],
    shape: [height, width],
    labels: valuesOf(values),
    notes: [...image.notes, ...mask.notes],
  };
}
