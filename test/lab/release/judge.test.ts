import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compareRounds, compareWhole } from "../../../lib/lab/release/compare-records";
import { judge, tolerancePath, type Tolerance } from "../../../lib/lab/release/judge";
import type { FederationRecord } from "../../../lib/records/schema";
import { federation } from "../../report/records";

const { rounds } = JSON.parse(readFileSync(tolerancePath, "utf8")) as Tolerance;
const dice = { HK: [0.7, 0.8, 0.9], UCL: [0.6, 0.75, 0.85] };
const released = federation("fedavg", 0, dice);
const onWasm = { ...released.numerics, engine: "wasm" };

/** The released record as another run might give it. */
function again(change: number, more: Partial<FederationRecord> = {}): FederationRecord {
  const moved = released.rounds.map((each) => ({ ...each, loss: each.loss.map((loss) => (loss as number) + change) }));
  return { ...released, rounds: moved, ...more };
}
const judged = (other: FederationRecord) => judge(released, other, compareRounds(released, other));

test("equal numbers are equal, whatever computed them and whenever", () => {
  assert.equal(judged(again(0)), "equal");
  assert.equal(judged(again(0, { numerics: onWasm, id: "another" })), "equal");
});

test("where engine and arithmetic are equal, a bit is a difference, whatever the code's version is", () => {
  const code = { ...released.numerics, code: "of today" };
  assert.equal(judged(again(2 ** -50, { numerics: code })), "different");
});

test("C++ of ours is code: another addon excuses no bit, other instructions do", () => {
  const named = (arithmetic: string) => ({ ...released.numerics, engine: "tensorflow", arithmetic });
  const [made, edited, elsewhere] = [
    "tfjs-core 4.22.0, addon 0123456789abcdef, x86-64 with AVX2",
    "tfjs-core 4.22.0, addon fedcba9876543210, x86-64 with AVX2",
    "tfjs-core 4.22.0, addon 0123456789abcdef, arm64, a processor",
  ].map(named);
  const of = (numerics: typeof made) => {
    const [a, b] = [{ ...released, numerics: made }, again(2 ** -50, { numerics })];
    return judge(a, b, compareRounds(a, b));
  };
  assert.equal(of(edited), "different");
  assert.equal(of(elsewhere), "within tolerance");
});

test("another engine is within tolerance up to ten times the measured difference, and not beyond", () => {
  assert.equal(judged(again(9 * rounds[1], { numerics: onWasm })), "within tolerance");
  assert.equal(judged(again(11 * rounds[1], { numerics: onWasm })), "different");
  assert.equal(
    judged(again(0, { numerics: onWasm, rounds: [{ ...released.rounds[0], loss: [] }, released.rounds[1]] })),
    "different",
  );
});

test("a whole job of another engine must have its mean within the interval of the released", () => {
  const whole = (by: number) => {
    const moved = Object.fromEntries(
      Object.entries(dice).map(([site, values]) => [site, values.map((each) => each + by)]),
    );
    const other = federation("fedavg", 0, moved, { numerics: onWasm });
    return judge(released, other, compareWhole(released, other));
  };
  // The six cases have a standard deviation of 0.108: half of the interval is 0.087.
  assert.equal(whole(0.08), "within tolerance");
  assert.equal(whole(0.095), "different");
  assert.equal(whole(-0.095), "different");
});

test("a short run is compared with the rounds that it has", () => {
  const short = { ...released, rounds: released.rounds.slice(0, 1), scores: [], models: {} };
  assert.deepEqual(compareRounds(released, short), { what: "rounds 1 to 1", equal: true, worst: 0 });
  assert.equal(compareWhole(released, short).equal, false);
});
