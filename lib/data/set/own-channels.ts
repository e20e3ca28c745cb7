import type { SliceSet } from "./types";

/**
 * Which channels of a set are images of their own: the middle one of three neighbouring slices, all three colours of a
 * photograph.
 */
export function ownChannels({ planes, count, height, width, channels }: SliceSet): number[] {
  const shared = planes.length < count * channels * height * width;
  return shared ? [Math.floor(channels / 2)] : Array.from({ length: channels }, (_, channel) => channel);
}
