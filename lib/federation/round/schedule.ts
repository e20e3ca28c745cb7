import type { Executor } from "../client/client-work";

/**
 * Does a piece of work for every client and keeps every executor busy: the costly ones are given out first, each to the executor that has least
 * to do so far. Who does what is settled beforehand, since an executor that computes in this process hears of nothing meanwhile.
 * @param costs one for each client, in any unit
 * @returns the results in the order of the clients
 * @throws what the first failing piece of work threw, when the others have ended
 */
export async function schedule<Result>(
  executors: readonly Executor[],
  costs: readonly number[],
  work: (executor: Executor, client: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let failed = false;
  const take = async (executor: Executor, own: number[]): Promise<void> => {
    for (let client = own.shift(); client !== undefined && !failed; client = own.shift()) {
      try {
        results[client] = await work(executor, client);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const takers = assign(costs, executors.length).flatMap((own, index) =>
    Array.from({ length: executors[index].depth }, () => take(executors[index], own)),
  );
  const ends = await Promise.allSettled(takers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}

/** Longest first (Graham, 1969). @returns the clients of each executor, in ascending order */
export function assign(costs: readonly number[], executors: number): number[][] {
  const loads = new Array<number>(executors).fill(0);
  const clients: number[][] = loads.map(() => []);
  const byCost = costs.map((cost, client) => ({ cost, client })).sort((a, b) => b.cost - a.cost || a.client - b.client);
  for (const { cost, client } of byCost) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] += cost;
    clients[least].push(client);
  }
  return clients.map((own) => own.sort((a, b) => a - b));
}
