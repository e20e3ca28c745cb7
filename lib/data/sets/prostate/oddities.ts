import type { PreparedCase } from "../../set/prepared";

/** What differs between a case and the published set: 384 x 384 pixels, zones 1 and 2 at most, a gland without gaps. */
export function prostateOddities({ shape, labels, slices, notes }: PreparedCase): string[] {
  const [, height, width] = shape;
  const gaps = slices.some((slice, i) => i > 0 && slice !== slices[i - 1] + 1);
  return [
    ...notes,
    ...(height === 384 && width === 384 ? [] : [`slices of ${height} x ${width} pixels, published 384 x 384`]),
    ...(labels.every((label) => [0, 1, 2].includes(label))
      ? []
      : [`mask values ${labels.join(", ")}, published 0, 1 and 2; all above 0 count as prostate`]),
    ...(slices.length < 3 ? ["fewer than three labelled slices, which the published reading refuses"] : []),
    ...(gaps ? ["unlabelled slices between labelled ones"] : []),
  ];
}
