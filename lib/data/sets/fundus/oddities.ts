import type { PreparedCase } from "../../set/prepared";

/** What differs between an eye and the published set: crops of 800 x 800 pixels, three mask values. */
export function fundusOddities({ shape: [height, width], labels, notes }: PreparedCase): string[] {
  const two = width > 1.5 * height;
  const crop = two ? Math.floor(width / 2) : width;
  return [
    ...notes,
    ...(two ? ["two crops side by side, of which the left one is used"] : []),
    ...(height === 800 && crop === 800 ? [] : [`crops of ${height} x ${crop} pixels, published 800 x 800`]),
    ...(labels.every((label) => [0, 128, 255].includes(label))
      ? []
      : ["mask values other than 0, 128 and 255, sorted by the published thresholds"]),
  ];
}
