import type { State } from "../core/state";
import type { Reading } from "../data/set/stacking";
import type { UNetShape } from "../nets/model/unet-layout";
import type { Task } from "../records/config";

/** Models that are on this machine, and all that has to be known to use them on images. */
export interface FoundModels {
  /** In a line: where they come from. */
  readonly from: string;
  readonly task: Task;
  readonly shape: UNetShape;
  readonly side: number;
  readonly reading: Reading;
  /** What a profile grants an adaptation. */
  readonly adaptation: { readonly batch: number; readonly epochs: number };
  readonly global: State;
  /** In the order of the training clients. */
  readonly personal: readonly NamedModel[];
  /** The training-time method, which may say how its models see images; none of snapshots. */
  readonly trained?: TrainedBy;
  /** To which sides of the body the axes of the training images run; none where that is not known. */
  readonly orientations?: readonly string[];
}

export interface NamedModel {
  readonly name: string;
  readonly state: State;
}

export interface TrainedBy {
  readonly method: string;
  readonly params: unknown;
}

/** Which models are meant, as a command is told. */
export interface ModelWish {
  /** An experiment, a training-time method, or a file or folder of snapshots. */
  readonly models: string;
  readonly profile: string;
  readonly seed?: number;
  /** Of an experiment with several methods the one whose models are meant (default: its reference, or what its outside sites meet). */
  readonly train?: string;
  /** Of an outside experiment the site that was held out. */
  readonly without?: string;
  /** Of snapshots what they segment, where their shape fits several. */
  readonly task?: string;
}
