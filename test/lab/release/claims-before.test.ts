import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import type { Manifest } from "../../../lib/records/release/manifest";
import { createBench } from "../support/small-experiment";
import { createCheckout } from "./checkout";

const checkout = createCheckout();
const bench = createBench();
const root = join(dirname(checkout.command), "..", "..");
const [configs, released] = [join(root, "configs", "own"), join(bench.results, "released")];
after(() => {
  bench.remove();
  checkout.remove();
});
const iopfl = (...args: string[]) =>
  bench.iopfl(args, { command: checkout.command, env: { IOPFL_CONFIGS: configs, IOPFL_RELEASES: released } });

const path = join(configs, "paper", "claims.yaml");
const committed = readFileSync(join(root, "configs", "paper", "claims.yaml"), "utf8");
const rule = /^rule:\n( .*\n)+/m.exec(committed)?.[0];
const claim = (id: string, margin: number) =>
  `  - { id: ${id}, statement: ${id}, source: a test, experiment: inside, reference: { method: iop-fl }, against: { method: fedavg }, metric: dice, margin: ${margin} }\n`;

/** Writes the claims and commits everything. */
function commit(...claims: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${rule}claims:\n${claims.join("")}`);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "ignore" });
  git("add", "configs");
  git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-qm", "claims");
}

test("a rule that was committed or changed after the numbers gives no verdict, in the release and on the page", async () => {
  cpSync(bench.configs, configs, { recursive: true });
  commit(claim("older", 0.01), claim("changed", 0.01));
  const run = await iopfl("run", "inside", "--profile", "small", "--engine", "wasm");
  assert.equal(run.code, 0, run.output);
  commit(claim("older", 0.01), claim("changed", 0.5), claim("younger", 0.01));
  const { code, output } = await iopfl("release", "small", "inside", "--engine", "wasm");
  assert.equal(code, 0, output);
  for (const id of ["changed", "younger"])
    assert.match(output, new RegExp(`no verdict on ${id}: commit [0-9a-f]{12}, which made the numbers of inside`));
  const manifest = JSON.parse(readFileSync(join(released, "small", "manifest.json"), "utf8")) as Manifest;
  assert.deepEqual(Object.keys(manifest.claims), ["older"]);
  // Releasing once more, when the rules are older than the release, makes them no older than the numbers.
  assert.equal((await iopfl("release", "small", "inside", "--engine", "wasm")).code, 0);
  assert.equal((await iopfl("report", "--profile", "small")).code, 0);
  const page = readFileSync(join(bench.results, "small", "report.html"), "utf8");
  const rowOf = (id: string) => new RegExp(`<tr><t[hd][^>]*>${id}<.*?</tr>`, "s").exec(page)?.[0] ?? "";
  assert.match(rowOf("older"), /holds|fails|undecided/);
  for (const id of ["changed", "younger"])
    assert.match(rowOf(id), /no verdict: this rule is younger than the numbers/, id);
});
