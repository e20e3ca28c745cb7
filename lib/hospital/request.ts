import type { State } from "../core/state";
import type { UNetShape } from "../nets/model/unet-layout";
import type { ImageWish } from "./image";
import type { KindRules } from "./kinds";
import type { TrainedBy } from "./models";

/** A test-time method, or none: then the model predicts as it is. */
export interface MethodWish {
  readonly id: string;
  readonly params: unknown;
  readonly batch: number;
  readonly epochs: number;
  readonly seed: number;
}

/** What a worker process is asked to do with images. */
export interface SegmentRequest {
  readonly shape: UNetShape;
  readonly global: State;
  readonly personal: readonly State[];
  readonly trained?: TrainedBy;
  readonly task: string;
  readonly kind: KindRules;
  readonly wish: ImageWish;
  readonly method?: MethodWish;
  /** The folder or archive of images. */
  readonly images: string;
  /** In the order in which an adaptation meets them. */
  readonly names: readonly NamedImage[];
  /** Of everything that an adaptation depends on. */
  readonly run: string;
  /** Where its results lie. */
  readonly out: string;
}

export interface NamedImage {
  readonly name: string;
  /** SHA-256 of its file, as it was when the command began. */
  readonly sha256: string;
  /** Of everything that its mask depends on. */
  readonly fingerprint: string;
  /** Whether its mask is there already: an adaptation meets the image all the same. */
  readonly finished: boolean;
}
