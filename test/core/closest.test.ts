import assert from "node:assert/strict";
import { test } from "node:test";
import { closest, useOneOf } from "../../lib/core/closest";

test("a word that was mistyped is found, another is not guessed at", () => {
  const known = ["fedavg", "fedprox", "fedbn", "local-only", "iop-fl", "HK"];
  for (const [typed, meant] of [
    ["fedavg", "fedavg"],
    ["fedvag", "fedavg"], // two neighbours swapped
    ["FedProx", "fedprox"],
    ["localonly", "local-only"],
    ["iopfl", "iop-fl"],
    ["HKX", "HK"],
    ["scaffold", undefined],
    ["x", undefined],
  ] as const)
    assert.equal(closest(typed, known), meant, typed);
  assert.equal(useOneOf("fedbm", ["fedbn", "other"]), 'did you mean "fedbn"? use one of fedbn, other');
  assert.equal(useOneOf("scaffold", ["fedbn"]), "use one of fedbn");
});
