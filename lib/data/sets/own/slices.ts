import { WorkbenchError } from "../../../core/errors";
import type { PreparedCase } from "../../set/prepared";
import type { Reading } from "../../set/stacking";
import type { SliceSet } from "../../set/types";
import { changedValues } from "../../set/values";
import type { CaseRules } from "./rules";

/**
 * A prepared case as the network sees it: slices of a volume each with their neighbours among those that are used, the first and
 * the last repeated; a picture in its colours.
 * @throws WorkbenchError for the published reading, which only published sets have
 */
export function ownSlices({ inChannels, own }: CaseRules, made: PreparedCase, reading: Reading): SliceSet {
  if (reading === "published")
    throw new WorkbenchError(
      "a task of your own has no published reading",
      "use a profile whose data say reading: intended",
    );
  const { site, id, height, width, planes, masks, slices, spacing, mean, deviation } = made;
  const count = slices.length;
  const half = Math.floor(inChannels / 2);
  const stackOf = (slice: number, channel: number) =>
    own.modality === "picture" ? channel : Math.min(count - 1, Math.max(0, slice + channel - half));
  return {
    ...{ site, count, height, width, channels: inChannels, masks },
    planes: changedValues(planes, { minus: mean, over: deviation }),
    stack: Int32Array.from({ length: count * inChannels }, (_, i) =>
      stackOf(Math.floor(i / inChannels), i % inChannels),
    ),
    cases: [{ id, first: 0, count, spacing }],
  };
}
