import assert from "node:assert/strict";
import { test } from "node:test";
import { gateCorrelation, gatesAndGaps } from "../../lib/notebook/gates-and-gap";
import type { AdaptationRecord, FederationRecord } from "../../lib/records/schema";

const sites = ["A", "B", "C", "D", "E"];
const gaps = sites.flatMap((a, row) =>
  sites.map((b, column) => ({ a, b, distance: Math.abs(row - column) + column / 100 })),
);
const federations = sites.map((held) => ({ id: `without ${held}`, sites: sites.filter((site) => site !== held) }));

/** Adaptations whose gates are a function of the gap, the global model's one half. */
const adapted = (gate: (gap: number) => number) =>
  sites.map((heldOut) => {
    const others = sites.filter((site) => site !== heldOut);
    const gates = others.map((b) => gate(gaps.find((pair) => pair.a === heldOut && pair.b === b)?.distance ?? NaN));
    const telemetry = { "gate/one": [...gates, 0.5], "gate/two": [...gates, 0.7], "loss/total": [1, 2] };
    return { method: "iop-fl", heldOut, federation: `without ${heldOut}`, epochs: [{ telemetry: {} }, { telemetry }] };
  }) as unknown as AdaptationRecord[];
const points = (gate: (gap: number) => number) =>
  gatesAndGaps(adapted(gate), federations as unknown as FederationRecord[], gaps);

test("a share is a client's part of all gates of a layer, the global model's counted, in the last pass", () => {
  const [first] = points(() => 0.25);
  assert.deepEqual([first.heldOut, first.expert, first.gap], ["A", "B", 1.01]);
  assert.ok(Math.abs(first.share - (0.25 / 1.5 + 0.25 / 1.7) / 2) < 1e-12);
  assert.equal(points(() => 0.25).length, 20);
});

test("gates that fall with the gap correlate with -1, those that rise with 1, and what is the same at every site has no spread", () => {
  for (const [gate, want] of [
    [(gap: number) => 1 / (1 + gap), -1],
    [(gap: number) => gap / 10, 1],
  ] as const) {
    const { mean, low, high, sites: each } = gateCorrelation(points(gate));
    assert.equal(each.length, 5);
    for (const value of [mean, low, high]) assert.ok(Math.abs(value - want) < 1e-9, `${value}`);
  }
});

test("the interval spans sites that disagree", () => {
  const mixed = points((gap) => 1 / (1 + gap)).map((point) =>
    ["A", "B"].includes(point.heldOut) ? { ...point, share: -point.share } : point,
  );
  const { mean, low, high } = gateCorrelation(mixed);
  assert.ok(Math.abs(mean - -0.2) < 1e-9);
  assert.ok(low < 0 && high > 0);
});
