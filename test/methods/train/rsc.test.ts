import assert from "node:assert/strict";
import { before, test } from "node:test";
import { hashState } from "../../../lib/core/state";
import { startEngine } from "../../../lib/engine";
import { federateSmall } from "../support/small-federation";

before(() => startEngine("wasm"));

test("RSC is FedAvg while muting changes less than its slack, and another method once the network relies on something", async () => {
  const globalsAfter = async (rounds: number) => {
    const of = async (id: string) => hashState((await federateSmall(id, {}, { rounds })).global);
    return [await of("rsc"), await of("fedavg")];
  };
  const [early, plain] = await globalsAfter(1);
  assert.equal(early, plain);
  const [late, trained] = await globalsAfter(8);
  assert.notEqual(late, trained);
});
