import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../../lib/records/paths";
import { provenanceSchema, recordSchema } from "../../../lib/records/schema";
import { keptOfProject } from "../../support/warm-start";
import { createBench } from "../support/small-experiment";

const run = (experiment: string, ...more: string[]) => [
  "run",
  experiment,
  "--profile",
  "small",
  "--engine",
  "wasm",
  ...more,
];
const [alone, together, stopped, backwards, elsewhere] = Array.from({ length: 5 }, () => createBench());
after(() => [alone, together, stopped, backwards, elsewhere].forEach((bench) => bench.remove()));

test("one worker, and two workers in another place, give the same bytes; a rerun computes nothing", async () => {
  for (const experiment of ["inside", "outside"]) {
    const one = await alone.iopfl(run(experiment, "--workers", "1"));
    assert.equal(one.code, 0, one.output);
    const two = await together.iopfl(run(experiment, "--workers", "2"));
    assert.equal(two.code, 0, two.output);
    const records = alone.records(experiment);
    assert.equal(Object.keys(records).length, experiment === "inside" ? 3 : 9);
    assert.deepEqual(together.records(experiment), records);
    const again = await alone.iopfl(run(experiment, "--workers", "1"));
    assert.match(again.output, / 0 jobs computed, /);
  }
});

test("a site that is held out is not among the clients, and outside methods share its federation", () => {
  const records = Object.values(alone.records("outside")).map((text) => JSON.parse(text));
  for (const adaptation of records.filter(({ kind }) => kind === "adaptation")) {
    const federation = records.find(({ id }) => id === adaptation.federation);
    assert.deepEqual(
      federation.sites,
      ["HK", "UCL", "BIDMC"].filter((site) => site !== adaptation.heldOut),
    );
  }
  assert.equal(records.filter(({ kind }) => kind === "federation").length, 3);
});

test("Ctrl-C in the middle stops with one line and exit code 130; what was finished stays; the rest resumes to the same bytes", async () => {
  const interrupted = await stopped.iopfl(run("inside", "--workers", "1"), { interruptAt: /inside: \d+ %/ });
  assert.equal(interrupted.code, 130, interrupted.output);
  assert.match(
    interrupted.output,
    /iopfl: inside was interrupted; run the same command again to go on; finished results were kept\n$/,
  );
  const resumed = await stopped.iopfl(run("inside", "--workers", "1"));
  assert.equal(resumed.code, 0, resumed.output);
  assert.deepEqual(stopped.records("inside"), alone.records("inside"));
});

test("in another order, a part at a time, the bytes are the same", async () => {
  for (const only of [["method=iop-fl"], ["method=fedavg", "seed=0"], []]) {
    const { code, output } = await backwards.iopfl(
      run("inside", "--workers", "1", ...(only.length > 0 ? ["--only", ...only] : [])),
    );
    assert.equal(code, 0, output);
    assert.match(output, /inside: 1 jobs computed/);
  }
  assert.deepEqual(backwards.records("inside"), alone.records("inside"));
});

test("from a checkout at another path the bytes are the same, and so are the ids", async () => {
  const checkout = mkdtempSync(join(tmpdir(), "iopfl another checkout "));
  try {
    for (const name of ["lib", "configs", "package.json", "tsconfig.json", ...keptOfProject()])
      cpSync(join(projectRoot, name), join(checkout, name), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules"), join(checkout, "node_modules"));
    const { code, output } = await elsewhere.iopfl(run("inside", "--workers", "1"), {
      command: join(checkout, "lib", "cli", "iopfl.cjs"),
    });
    assert.equal(code, 0, output);
    assert.deepEqual(elsewhere.records("inside"), alone.records("inside"));
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
});

test("a number that was changed on the disk is told, and computed again", async () => {
  const path = join(elsewhere.results, "small", "inside", "fedavg.seed0.json");
  const written = readFileSync(path, "utf8");
  writeFileSync(
    path,
    written.replace(/("dice": 0\.)(\d)/, (_, begin, digit) => `${begin}${9 - Number(digit)}`),
  );
  assert.notEqual(readFileSync(path, "utf8"), written);
  const { code, output } = await elsewhere.iopfl(run("inside", "--workers", "1"));
  assert.equal(code, 0, output);
  assert.match(output, /fedavg\.seed0\.json has changed since it was computed; it is computed again/);
  assert.match(output, /inside: 1 jobs computed/);
  assert.equal(readFileSync(path, "utf8"), written);
});

const provenanceOf = (experiment: string) => {
  const folder = join(alone.results, "small", experiment, "provenance");
  return readdirSync(folder).map((file) =>
    provenanceSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))),
  );
};

test("each record has its provenance: what it was computed with, on and for how long", () => {
  for (const experiment of ["inside", "outside"]) {
    const records = Object.values(alone.records(experiment)).map((text) => recordSchema.parse(JSON.parse(text)));
    const known = new Map(provenanceOf(experiment).map((provenance) => [provenance.id, provenance]));
    assert.equal(known.size, records.length);
    for (const record of records) {
      assert.deepEqual([record.seed, record.numerics.engine, record.profile], [0, "wasm", "small"]);
      for (const hash of [record.id, record.question, record.numerics.data, record.numerics.code])
        assert.match(hash, /^[0-9a-f]{16}$/);
      assert.deepEqual((record.config.training as { rounds: number }).rounds, 3);
      if (record.kind === "federation")
        for (const { bytesUp, bytesDown } of record.rounds)
          assert.ok(record.method === "local-only" || [...bytesUp, ...bytesDown].every((bytes) => bytes > 1000));
      const { wallSeconds, cpuSeconds, peakMemoryMegabytes, engine, node, commit, processor, cores, memoryGigabytes } =
        known.get(record.id) ?? assert.fail(record.method);
      assert.ok(wallSeconds > 0 && cpuSeconds > 0 && peakMemoryMegabytes > 40 && cores > 0 && memoryGigabytes > 0);
      assert.match(engine.version, /\d+\.\d+/);
      assert.equal(engine.threads, 1);
      assert.match(`${node} ${processor}`, /^v\d+\.\d+\.\d+ \S/);
      assert.match(commit, /^([0-9a-f]{12}(\+changes)?|unknown)$/);
    }
  }
});

/** Every text in a value, keys included. */
const textsIn = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : value && typeof value === "object"
      ? Object.entries(value).flatMap(([key, each]) => [key, ...textsIn(each)])
      : [];

function assertImpersonal(path: string): void {
  for (const text of textsIn(JSON.parse(readFileSync(path, "utf8")))) {
    assert.doesNotMatch(text, /(^|[\s"'=(:,])(\/|~\/|[A-Za-z]:[\\/]|\\\\)[\w.-]/, `${basename(path)} holds a path`);
    const words = text.split(/[^\w.-]+/);
    for (const name of [hostname(), userInfo().username])
      assert.ok(!words.includes(name), `${basename(path)} names ${name}`);
  }
}

test("records and provenance, those committed too, name no absolute path, host or user", () => {
  const files = (folder: string) =>
    existsSync(folder)
      ? (readdirSync(folder, { recursive: true }) as string[])
          .filter((file) => file.endsWith(".json"))
          .map((file) => join(folder, file))
      : [];
  const own = files(join(alone.results, "small"));
  assert.equal(own.length, 2 * 12);
  [...own, ...files(join(projectRoot, "results"))].forEach(assertImpersonal);
  const leaky = join(alone.work, "leaky.json");
  for (const text of ["/home/someone/data", "read from /srv/x", "C:\\data", `on ${hostname()}`, userInfo().username]) {
    writeFileSync(leaky, JSON.stringify({ params: [{ note: text }] }));
    assert.throws(() => assertImpersonal(leaky), assert.AssertionError, text);
  }
});
