import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { startEngine } from "../../../lib/engine";
import { runAdaptation } from "../../../lib/federation/evaluate/adaptation";
import { evaluateModel } from "../../../lib/federation/evaluate/evaluation";
import type { Lens } from "../../../lib/methods/contract";
import { adaptations, trainingOf } from "../../../lib/methods/registry";
import { federateSmall, shape, sites } from "../../methods/support/small-federation";
import { wantedBank } from "../../methods/support/wanted-bank";

before(() => startEngine("wasm"));

test("models that see images through a lens are scored through it, and meet an outside site through it", async () => {
  const method = trainingOf("harmofl");
  const { global, personal } = await federateSmall(method, {}, { rounds: 3 });
  const outside = sites[0].parts.train;
  let seen = 0;
  const own = method.sees?.(global, method.params.parse({})) as Lens;
  const lens: Lens = (images, size) => {
    seen += size[0];
    return own(images, size);
  };
  const through = await evaluateModel(shape, global, outside, { lens });
  assert.equal(seen, outside.count);
  for (const each of adaptations) {
    const adapt = (more: object) =>
      runAdaptation({
        method: each,
        params: each.params.parse({}),
        bank: wantedBank(each, { shape, personal, global }),
        outside,
        batch: 2,
        epochs: 1,
        random: createRandom("lens"),
        ...more,
      });
    const { epochs } = await adapt({ lens });
    if (each.id === "global") assert.deepEqual(epochs[0].cases, through);
    assert.ok(
      epochs[0].cases.every(({ dice }) => Number.isFinite(dice)),
      each.id,
    );
  }
});
