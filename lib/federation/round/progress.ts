import type { ClientSpec } from "../client/client-work";

/** Counts batches while a round runs. */
export interface BatchProgress {
  begin(round: number): void;
  count(client: number): void;
  end(): void;
}

/**
 * Progress in units of one pass over a client's batches. How many passes a method takes shows in its first round; until then one is
 * expected, and a client that takes more waits at the end of it. A client that is trained once more, because its helper died, is not
 * counted twice.
 */
export function trackBatches(
  { clients, training, rounds }: Pick<ClientSpec, "clients" | "training"> & { readonly rounds: number },
  onBatch?: (done: number, total: number) => void,
): BatchProgress {
  const onePass = clients.map(({ parts }) => Math.ceil(parts.train.count / training.batch) * training.localEpochs);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  let expected = onePass;
  let done = clients.map(() => 0);
  let round = 1;
  const tell = (): void => {
    const passed = done.map((count, client) => onePass[client] * Math.min(1, count / expected[client]));
    onBatch?.(Math.round((round - 1) * sum(onePass) + sum(passed)), rounds * sum(onePass));
  };
  return {
    begin(next) {
      round = next;
      done = clients.map(() => 0);
    },
    count(client) {
      done[client]++;
      tell();
    },
    end() {
      expected = done.map((count, client) => (count > 0 ? count : onePass[client]));
    },
  };
}
