import { writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimHashes } from "../../lib/records/claims";
import { readOwnRecords } from "../../lib/records/read";
import { writeRelease } from "../../lib/records/release/write-release";
import { answer } from "../../lib/report/answer";
import { claimsTable } from "../../lib/report/claims-table";
import { judgeClaims } from "../../lib/report/judged-claims";
import { federation } from "./records";

const sites = ["HK", "UCL", "BIDMC"];
/** Ten cases of each site, which differ from method to method by so much. */
const scores = (better: number) =>
  Object.fromEntries(sites.map((site) => [site, Array.from({ length: 10 }, (_, at) => 0.6 + at / 50 + better)]));

function release(claims: Record<string, string>, profile = "quick"): void {
  const { records } = readOwnRecords("quick", "inside-prostate");
  const head = { release: 1, profile, commit: "abcdef0", date: "2026-01-01", hours: 0, claims } as const;
  writeRelease(head, {}, { "inside-prostate": { records, probes: [], pictures: [] } });
}
const verdicts = (profile = "quick") =>
  Object.fromEntries((claimsTable(profile)?.rows ?? []).map(({ label, cells }) => [label, cells[3].notes?.[0]]));

test("claims are judged by released numbers, and by no rule that is younger than they are", () => {
  assert.equal(claimsTable("quick"), undefined, "nothing is released");
  for (const [method, better] of [
    ["fedavg", 0],
    ["local-only", 0.05],
    ["iop-fl", 0.03],
  ] as const)
    writeRecord(
      "inside-prostate",
      `${method}.seed0`,
      federation(method, 0, scores(better), { question: method, profile: "quick" }),
    );
  release(claimHashes());
  const judged = Object.values(verdicts());
  // Better than FedAvg by 0.03 in every case, worse than training alone by 0.02; the other experiments are not released.
  assert.deepEqual(judged.slice(0, 3), ["holds", "inside-fundus is not released", "fails"]);
  assert.match(
    answer(judgeClaims("quick"), [], []),
    /<p>Of 6 claims of the abstract 1 holds, 1 fails, 4 have no verdict\.<\/p>/,
  );
  const younger = { ...claimHashes(), "inside-over-fedavg-prostate": "of another rule" };
  release(younger);
  assert.equal(Object.values(verdicts())[0], "no verdict: this rule is younger than the numbers");
});

test("nobody judges after the first seed of three", () => {
  release(claimHashes(), "phantom");
  assert.equal(Object.values(verdicts("phantom"))[0], "4 of the 6 runs that it compares are not released yet");
});
