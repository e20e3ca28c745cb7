import type { EngineName } from "../engine";

/** What one side of a case does over and over, on whatever engine: the same work for ours and for PyTorch. */
export interface Task {
  /** Evaluation scores every case by Dice and surface distances, validation by Dice alone; PyTorch's side has neither. */
  readonly task: "training" | "inference" | "routing" | "round" | "validation" | "evaluation";
  readonly batch: number;
  /** Pixels. */
  readonly side: number;
  readonly features: number;
  readonly threads: number;
  /** How often it is done, uncounted, before anything is measured. */
  readonly warmUp: number;
  /** Of the gates' hidden values, at test time. */
  readonly dropout: number;
  /** Routing: personal models and the global one. */
  readonly experts: number;
  /** Federation: how many clients, and the slices of each. */
  readonly clients: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** Processes that help with clients. */
  readonly helpers: number;
  /** Rounds that are measured as one. */
  readonly rounds: number;
}

export interface OwnTask extends Task {
  readonly engine: EngineName;
}

/** What the official code trains with. */
export const officialOptimiser = { kind: "adam-amsgrad", learningRate: 1e-3 } as const;

export const plainTask: Task = {
  task: "training",
  batch: 8,
  side: 64,
  features: 8,
  threads: 1,
  warmUp: 2,
  dropout: 0.2,
  experts: 6,
  clients: 6,
  train: 80,
  validation: 24,
  test: 32,
  helpers: 0,
  rounds: 1,
};

/** A task under way in this process. */
export interface Prepared {
  /** @returns a number that the other side should have as well: a loss, or the mean size of the logits */
  once(): Promise<number>;
  /** What helper processes have spent so far. */
  helped?(): { readonly cpuSeconds: number; readonly peakMegabytes: number };
}
