import type { Values } from "./values";

/** A 3-D image as it was scanned. */
export interface Volume {
  /** Row-major `[depth, height, width]`. */
  readonly voxels: Float32Array;
  readonly shape: readonly [depth: number, height: number, width: number];
  /** Millimetres between voxel centres, in the order of `shape`. */
  readonly spacing: readonly [depth: number, height: number, width: number];
}

/** Slices ready for the network, all of one site and one part of its split. */
export interface SliceSet {
  readonly site: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /**
   * `[plane, height, width]`, normalised. Neighbouring slices share planes: stacked, the real set would take three times the
   * memory. Beyond a budget of memory they lie on the disk.
   */
  readonly planes: Values<Float32Array>;
  /** `[count, channels]`: which planes make the input of each slice. */
  readonly stack: Int32Array;
  /** `[count, height, width]`, classes: 0 is background. */
  readonly masks: Values<Uint8Array>;
  /** What is scored, where it is not simply everything above 0: every structure by itself, and their mean. */
  readonly structures?: readonly Structure[];
  /** The cases the slices come from; a case's slices are adjacent and in order. */
  readonly cases: readonly SliceSpan[];
}

/** Something that a doctor measures: the union of some classes. */
export interface Structure {
  readonly id: string;
  readonly classes: readonly number[];
  /** Of its outline, 0 to 255 each. */
  readonly colour?: readonly [red: number, green: number, blue: number];
}

/** Where one case's slices lie in a set. */
export interface SliceSpan {
  readonly id: string;
  readonly first: number;
  readonly count: number;
  /** Between the pixels of the set, in the unit of its distances: millimetres, or pixels of a photograph's usual size. */
  readonly spacing: readonly [depth: number, height: number, width: number];
}

export type Part = "train" | "validation" | "test";

export interface SiteData {
  readonly site: string;
  readonly parts: Readonly<Record<Part, SliceSet>>;
}
