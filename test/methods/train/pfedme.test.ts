import assert from "node:assert/strict";
import { before, test } from "node:test";
import { hashState } from "../../../lib/core/state";
import { where } from "../../../lib/core/where";
import { startEngine } from "../../../lib/engine";
import { differing, federateSmall, sites, start } from "../support/small-federation";

before(() => startEngine("wasm"));

const alone = { rounds: 1, clients: [sites[0]] };

test("as in the authors' code, w_k predicts: of one client it is the new global model, which theta_k is not", async () => {
  const published = await federateSmall("pfedme", { predicts: "w" }, alone);
  assert.equal(hashState(published.personal[0]), hashState(published.global));
  const { personal, global } = await federateSmall("pfedme", {}, alone);
  assert.notEqual(hashState(personal[0]), hashState(global));
  assert.equal(hashState(global), hashState(published.global), "who predicts changes no training");
});

test("at eta 0 and at lambda 0 the global weights stay where they are", async () => {
  for (const params of [{ eta: 0 }, { lambda: 0 }])
    assert.deepEqual(differing((await federateSmall("pfedme", params)).global, start).filter(where.trained), []);
});
