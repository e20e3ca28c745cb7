import type { ClientSpec } from "../client/client-work";

/** Counts batches while a round runs. */
export interface BatchProgress {
  /** @param invited who trains in the round */
  begin(round: number, invited: readonly number[]): void;
  count(client: number): void;
  end(): void;
}

/**
 * Progress in units of one pass over all clients' batches a round, whoever trains. How many passes a method takes shows in a client's
 * first round; until then one is expected, and a client that takes more waits at the end of it. A client that is trained once more,
 * because its helper died, is not counted twice.
 */
export function trackBatches(
  { clients, training, rounds }: Pick<ClientSpec, "clients" | "training"> & { readonly rounds: number },
  onBatch?: (done: number, total: number) => void,
): BatchProgress {
  const onePass = clients.map(({ parts }) => Math.ceil(parts.train.count / training.batch) * training.localEpochs);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const expected = [...onePass];
  let done = clients.map(() => 0);
  let invited: readonly number[] = [];
  let round = 1;
  const tell = (): void => {
    const passed = invited.map((client) => onePass[client] * Math.min(1, done[client] / expected[client]));
    const share = sum(passed) / sum(invited.map((client) => onePass[client]));
    onBatch?.(Math.round((round - 1 + share) * sum(onePass)), rounds * sum(onePass));
  };
  return {
    begin(next, cohort) {
      round = next;
      invited = cohort;
      done = clients.map(() => 0);
    },
    count(client) {
      done[client]++;
      tell();
    },
    end() {
      for (const client of invited) if (done[client] > 0) expected[client] = done[client];
    },
  };
}
