/** What training asks of a machine whatever machine it is, in batches: those of validation and of the final scores are left out. */
export interface Work {
  /** Steps of an optimiser. */
  readonly steps: number;
  /** Batches that passed through the network, with a gradient or without one. */
  readonly forwards: number;
  /** Batches that gave a gradient. */
  readonly backwards: number;
}

export const noWork: Work = { steps: 0, forwards: 0, backwards: 0 };

export const addWork = (a: Work, b: Work): Work => ({
  steps: a.steps + b.steps,
  forwards: a.forwards + b.forwards,
  backwards: a.backwards + b.backwards,
});
