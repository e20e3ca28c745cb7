/** A picture as its file has it. */
export interface PictureSamples {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red, green and blue. */
  readonly channels: 1 | 3;
  /** Row-major `[height, width, channels]`, in the range of the file. */
  readonly data: ArrayLike<number>;
}

/** Pixels of the largest picture that is opened: two photographs of 4096 x 4096 side by side. */
export const mostPixels = 2 ** 25;

/** How a reader names what is wrong with a file, and its mend. */
export type BrokenPicture = (what: string, hint?: string) => Error;
