import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { compareHashes, hashNumbers, joinedHashes } from "../../../lib/lab/status/verify";
import type { RunRecord } from "../../../lib/records/schema";
import { command } from "../support/small-experiment";

test("this machine computes the committed numbers of the tiny profile, bit by bit", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, "verify"], { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  const [, equal, all] = stdout.match(/(\d+) of (\d+) jobs gave the committed bytes/) ?? [];
  assert.ok(Number(all) >= 36 && equal === all, stdout);
});

test("a number that differs in its last bit changes the hash; the code's version does not", () => {
  const record = (change: object) =>
    ({
      kind: "adaptation",
      id: "a",
      numerics: "b",
      epochs: [{ epoch: 1, cases: [], telemetry: { loss: [0.1] } }],
      ...change,
    }) as unknown as RunRecord;
  const hash = hashNumbers(record({}));
  assert.equal(hashNumbers(record({ id: "c", numerics: "d" })), hash);
  assert.notEqual(
    hashNumbers(record({ epochs: [{ epoch: 1, cases: [], telemetry: { loss: [0.1 + 2 ** -56] } }] })),
    hash,
  );
});

test("what differs, what was not computed and what is not committed are told apart", () => {
  assert.deepEqual(
    compareHashes({ e: { same: "1", other: "2", lost: "3" } }, { e: { same: "1", other: "x", added: "4" } }),
    { equal: ["e/same"], different: ["e/other"], missing: ["e/lost"], unknown: ["e/added"] },
  );
});

test("hashes written anew for one experiment leave those of the others", () => {
  const kept = { inside: { a: "1" }, outside: { b: "2", gone: "3" } };
  assert.deepEqual(joinedHashes(kept, { outside: { b: "4", c: "5" } }), {
    inside: { a: "1" },
    outside: { b: "4", c: "5" },
  });
});
