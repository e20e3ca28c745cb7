import type { Hand } from "./client-work";

/**
 * Does a piece of work for every client and keeps every hand busy: the costly ones are given out first, each to the hand that has least
 * to do so far. Who does what is settled beforehand, since a hand that computes in this process hears of nothing meanwhile.
 * @param costs one for each client, in any unit
 * @returns the results in the order of the clients
 * @throws what the first failing piece of work threw, when the others have ended
 */
export async function shareOut<Result>(hands: readonly Hand[], costs: readonly number[], work: (hand: Hand, client: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let failed = false;
  const take = async (hand: Hand, own: number[]): Promise<void> => {
    for (let client = own.shift(); client !== undefined && !failed; client = own.shift()) {
      try {
        results[client] = await work(hand, client);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const takers = assign(costs, hands.length).flatMap((own, index) => Array.from({ length: hands[index].depth }, () => take(hands[index], own)));
  const ends = await Promise.allSettled(takers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}

/** Longest first (Graham, 1969). @returns the clients of each hand, in ascending order */
export function assign(costs: readonly number[], hands: number): number[][] {
  const loads = new Array<number>(hands).fill(0);
  const clients: number[][] = loads.map(() => []);
  const byCost = costs.map((cost, client) => ({ cost, client })).sort((a, b) => b.cost - a.cost || a.client - b.client);
  for (const { cost, client } of byCost) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] += cost;
    clients[least].push(client);
  }
  return clients.map((own) => own.sort((a, b) => a - b));
}
