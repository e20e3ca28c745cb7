import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import type { Executor } from "../../../lib/federation/client/client-work";
import { assign, schedule } from "../../../lib/federation/round/schedule";

const executor = (depth: number): Executor => ({
  depth,
  train: () => Promise.reject(new Error("unused")),
  evaluate: () => Promise.reject(new Error("unused")),
});

test("every client is given to exactly one executor, and none has more than the others by more than one client", () => {
  const random = createRandom("assign");
  for (let trial = 0; trial < 300; trial++) {
    const costs = Array.from({ length: random.integer(12) }, () => 1 + random.integer(50));
    const given = assign(costs, 1 + random.integer(5));
    assert.deepEqual(
      given.flat().sort((a, b) => a - b),
      costs.map((_, client) => client),
    );
    const loads = given.map((clients) => clients.reduce((sum, client) => sum + costs[client], 0));
    // Whoever has most had least before its last client came.
    assert.ok(Math.max(...loads) - Math.min(...loads) <= Math.max(0, ...costs), `${costs} as ${JSON.stringify(given)}`);
  }
  assert.deepEqual(assign([5, 3, 3], 2), [[0], [1, 2]]);
});

test("results come in the order of the clients, whoever is done first; no executor has more at once than its depth", async () => {
  const executors = [executor(2), executor(1)];
  const busy = new Map(executors.map((each) => [each, 0]));
  const most = new Map(busy);
  const results = await schedule(executors, [1, 9, 2, 8, 3, 7, 4], async (each, client) => {
    busy.set(each, (busy.get(each) ?? 0) + 1);
    most.set(each, Math.max(most.get(each) ?? 0, busy.get(each) ?? 0));
    await new Promise((done) => setTimeout(done, (client * 7) % 5));
    busy.set(each, (busy.get(each) ?? 0) - 1);
    return client * 10;
  });
  assert.deepEqual(results, [0, 10, 20, 30, 40, 50, 60]);
  assert.deepEqual([...most.values()], [2, 1]);
});

test("a failure ends the sharing, once what was begun has ended", async () => {
  let ended = 0;
  const begun: number[] = [];
  const work = async (_: Executor, client: number) => {
    begun.push(client);
    await new Promise((done) => setTimeout(done, client === 0 ? 1 : 20));
    if (client === 0) throw new Error("no luck");
    ended++;
  };
  await assert.rejects(schedule([executor(1), executor(1)], [1, 1, 1, 1], work), /no luck/);
  assert.deepEqual(begun, [0, 1]);
  assert.equal(ended, 1);
});
