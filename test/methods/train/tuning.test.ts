import assert from "node:assert/strict";
import { before, test } from "node:test";
import { hashState } from "../../../lib/core/state";
import { where } from "../../../lib/core/where";
import { startEngine } from "../../../lib/engine";
import { differing, federateSmall, start } from "../support/small-federation";

before(() => startEngine("wasm"));

test("fine-tuning at rate 0 leaves FedAvg's weights and moves the statistics; at another rate each client has its own", async () => {
  const { global } = await federateSmall("fedavg");
  const { personal: still } = await federateSmall("fedavg-finetuned", { rate: 0, epochs: 2 });
  for (const own of still) {
    assert.deepEqual(differing(own, global).filter(where.trained), []);
    assert.ok(differing(own, global).some(where.running));
  }
  const { personal } = await federateSmall("fedavg-finetuned");
  assert.equal(
    differing(personal[0], personal[1]).filter(where.trained).length,
    start.layout.filter(where.trained).length,
  );
});

test("fine-tuning takes as many passes over the client's batches as it says", async () => {
  const counted = async (epochs: number) => {
    const { personal, global } = await federateSmall("fedavg-finetuned", { epochs });
    return personal.map((own) => counterOf(own) - Math.trunc(counterOf(global)));
  };
  assert.deepEqual(await counted(1), [3, 2]); // batches of five and of three slices
  assert.deepEqual(await counted(4), [12, 8]);
});

const counterOf = ({ layout, values }: typeof start): number => values[layout[layout.findIndex(where.counter)].offset];

test("FedAvg after local training is IOP-FL at alpha 0, to the last bit", async () => {
  const [control, method] = [await federateSmall("fedavg-local"), await federateSmall("iop-fl", { alpha: 0 })];
  assert.deepEqual(control.personal.map(hashState), method.personal.map(hashState));
  assert.equal(hashState(control.global), hashState(method.global));
});

test("FedBABU's head keeps its first weights until it is tuned; tuned alone, it leaves the body", async () => {
  const still = await federateSmall("fedbabu", { rate: 0 });
  assert.deepEqual(differing(still.global, start).filter(where.head), []);
  assert.ok(differing(still.global, start).length > 80);
  for (const own of still.personal) assert.deepEqual(differing(own, still.global).filter(where.trained), []);
  const heads = await federateSmall("fedbabu", { tunes: "head" });
  for (const own of heads.personal)
    assert.deepEqual(
      differing(own, heads.global)
        .filter(where.trained)
        .map(({ name }) => name),
      ["conv.weight", "conv.bias"],
    );
  const { personal } = await federateSmall("fedbabu");
  assert.ok(differing(personal[0], personal[1]).some(where.head));
});

test("LG-FedAvg and FedBABU average uniformly unless told to weigh slices", async () => {
  for (const id of ["lg-fedavg", "fedbabu"]) {
    const fair = await federateSmall(id);
    const published = await federateSmall(id, { weights: "uniform" });
    const weighed = await federateSmall(id, { weights: "slices" });
    assert.equal(hashState(fair.global), hashState(published.global));
    assert.notEqual(hashState(fair.global), hashState(weighed.global));
    const same = await federateSmall(id, { weights: "slices" }, { training: { protocol: { weights: "uniform" } } });
    assert.equal(hashState(same.global), hashState(published.global));
  }
});
