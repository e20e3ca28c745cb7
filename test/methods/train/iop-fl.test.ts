import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { State } from "../../../lib/core/state";
import { startEngine } from "../../../lib/engine";
import { federateSmall, start } from "../support/small-federation";

before(() => startEngine("wasm"));

const alpha = 0.25;
const rounds = 4;

test("published: the averages start at the model before training, the last client's at the first global model", async () => {
  // The clients' own models and the global one of every round, of the federation that both readings have.
  const own: (readonly State[])[] = [];
  const globals: State[] = [];
  for (let round = 1; round <= rounds; round++) {
    const control = await federateSmall("fedavg-local", {}, { rounds: round });
    own.push(control.personal);
    globals.push(control.global);
  }
  for (const [client, begin] of [start, globals[0]].entries()) {
    let want = Array.from(begin.values);
    for (let round = 1; round <= rounds; round++) {
      const { personal, global } = await federateSmall("iop-fl", { alpha, reading: "published" }, { rounds: round });
      if (round > 1) want = want.map((past, i) => alpha * past + (1 - alpha) * own[round - 1][client].values[i]);
      const apart = want.map((value, i) => Math.abs(value - personal[client].values[i]));
      assert.ok(Math.max(...apart) < 2e-6, `client ${client}, round ${round}: ${Math.max(...apart)}`);
      assert.deepEqual(global.values, globals[round - 1].values);
    }
  }
});

test("the error of the published start fades with alpha to the power of the rounds behind it", async () => {
  const apart = async (count: number) => {
    const [published, intended] = [
      await federateSmall("iop-fl", { alpha, reading: "published" }, { rounds: count }),
      await federateSmall("iop-fl", { alpha }, { rounds: count }),
    ];
    return published.personal.map(({ values }, client) =>
      Math.hypot(...values.map((value, i) => value - intended.personal[client].values[i])),
    );
  };
  const [first, third] = [await apart(1), await apart(3)];
  third.forEach((distance, client) => {
    assert.ok(first[client] > 0);
    assert.ok(Math.abs(distance / first[client] - alpha ** 2) < 1e-3, String(distance / first[client]));
  });
});
