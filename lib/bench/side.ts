/** One of the contestants of a case: ours with so many threads, or PyTorch. */
export interface Side {
  readonly id: string;
  /** As tables name it. */
  readonly label: string;
  /** Whether the others' times are divided by this one's. */
  readonly reference: boolean;
  /** Resolves when everything is prepared and warm. */
  start(signal: AbortSignal): Promise<Runner>;
}

export interface Facts {
  readonly version: string;
  readonly device: string;
  readonly threads: number;
  /** What the warm-up computed: the other side should have the same. */
  readonly check: readonly number[];
}

export interface Repetition {
  /** Of every sample. */
  readonly seconds: readonly number[];
  /** Of all samples together, over all threads; NaN where it is not known. */
  readonly cpuSeconds: number;
  readonly residentMegabytes?: number;
  readonly tensors?: number;
}

/** A side that has been started. */
export interface Runner {
  readonly facts: Facts;
  repeat(samples: number): Promise<Repetition>;
  /** @returns the most memory that it had, NaN where that is not known */
  end(): Promise<{ readonly peakMegabytes: number }>;
  /** Ends it at once, after a failure. */
  kill(): void;
}
