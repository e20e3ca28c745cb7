/** Slices one above the other, with the masks that belong to them. */
export interface SliceStack {
  readonly title: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** `[count, height, width]`, any unit. */
  readonly pixels: ArrayLike<number>;
  /** What a radiologist (or the phantom) drew, and what a model predicted: `[count, height, width]`, classes: 0 is background. */
  readonly truth?: ArrayLike<number>;
  readonly prediction?: ArrayLike<number>;
  /** Height of a pixel divided by its width; 1 if absent. */
  readonly aspect?: number;
}
