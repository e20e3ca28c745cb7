import assert from "node:assert/strict";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PNG } from "pngjs";
import { probeTensorflow } from "../../lib/engine/install/probe";
import { startKernelClient, type KernelClient } from "../../lib/notebook/runner/kernel-client";
import { createBench } from "../lab/support/small-experiment";
import { comesTrue } from "../support/patience";
import { runCell, type Ran } from "./cells";
import { temporaryFolder } from "./make-notebook";
import { childrenOf } from "./processes";

const bench = createBench();
const folder = temporaryFolder();
const predictions = join(bench.work, "predictions");
let kernel: KernelClient;

before(async () => {
  kernel = await startKernelClient(folder.path, {
    IOPFL_CONFIGS: bench.configs,
    IOPFL_RESULTS: bench.results,
    IOPFL_WORK: bench.work,
  });
});
after(async () => {
  await kernel.close();
  folder.remove();
  bench.remove();
});

const run = (code: string): Promise<Ran> => runCell(kernel, code);
const dataOf = ({ messages }: Ran) =>
  messages
    .filter(({ header }) => header.msg_type === "execute_result")
    .map(({ content }) => content.data as Record<string, unknown>)[0];

/** The Dice of the masks that are shown, counted here, and the one of the record. */
const agreement = `
const shown = (bundle: { data: Readonly<Record<string, unknown>> }) => {
  const { data } = bundle.data["application/vnd.vega.v5+json"] as { data: { name: string; values: { truth: { values: number[] }; prediction: { values: number[] } }[] }[] };
  let [both, sum] = [0, 0];
  for (const { truth, prediction } of data[0].values) truth.values.forEach((label, i) => { both += label * prediction.values[i]; sum += label + prediction.values[i]; });
  return 2 * both / sum;
};`;

// Where nothing else is installed, "auto" is WebAssembly too, and its jobs are done already.
const engines = probeTensorflow().verified ? ["wasm", "auto"] : ["wasm"];
for (const engine of engines) {
  test(`viewer and sheet show the masks that were scored: ${engine}`, async () => {
    rmSync(predictions, { recursive: true, force: true });
    const started = await run(`import { experiment } from "../../../lib/notebook";${agreement}
const inside = await experiment("inside", { profile: "small", engine: "${engine}", workers: 1 });
const outside = await experiment("outside", { profile: "small", engine: "${engine}", workers: 1 });
const recorded = (of: typeof inside, method: string, site: string, place: number) => of.cases.filter((each) => each.method === method && each.site === site)[place].dice;`);
    assert.equal(started.reply.status, "ok", started.traceback);
    const adapted = readdirSync(predictions);
    assert.equal(adapted.length, 6, "an adaptation leaves its masks behind");
    for (const [of, method, site, place] of [
      ["inside", "iop-fl", "UCL", 0],
      ["inside", "fedavg", "HK", 0],
      ["outside", "iop-fl", "BIDMC", 2],
      ["outside", "global", "HK", 1],
    ] as const) {
      const { stdout, traceback } =
        await run(`const drawn = await ${of}.viewer({ site: "${site}", method: "${method}", place: ${place} });
console.log(JSON.stringify([shown(drawn), recorded(${of}, "${method}", "${site}", ${place}), drawn.data["text/plain"]]))`);
      const [counted, dice, text] = JSON.parse(stdout) as [number, number, string];
      assert.equal(counted, dice, `${of} ${method} ${site}: ${traceback}`);
      assert.ok(
        text.includes(`${method}: Dice ${dice.toFixed(3)}`) && text.includes("reference amber, prediction blue"),
        text,
      );
    }
    // Masks that were kept and masks that are made again are the same.
    const again = await run(`import { rmSync } from "node:fs";
const kept = await outside.viewer({ site: "HK", method: "iop-fl" });
rmSync(${JSON.stringify(predictions)}, { recursive: true });
JSON.stringify(kept) === JSON.stringify(await outside.viewer({ site: "HK", method: "iop-fl" }))`);
    assert.equal(again.result, "true", again.traceback);

    const sheet = dataOf(await run("inside.sheet()"));
    const { width, height } = PNG.sync.read(Buffer.from(String(sheet["image/png"]), "base64"));
    assert.ok(width > 3 * 190 && height > 3 * 190, `three sites, three methods: ${width} x ${height}`);
  });
}

test("models that are on another machine: the reference alone and a word about it; retrain makes them again", async () => {
  const models = join(bench.work, "models");
  renameSync(models, `${models}.elsewhere`);
  rmSync(predictions, { recursive: true, force: true });
  mkdirSync(models);
  const alone = await run('inside.viewer({ site: "HK", method: "fedavg" })');
  assert.match(
    String(dataOf(alone)["text/plain"]),
    /^\[slices\] HK \S+: \d+ slices of 32 x 32; reference amber$/,
    alone.traceback,
  );
  assert.match(
    JSON.stringify(alone.messages.map(({ content }) => content.data)),
    /The models of fedavg\.seed0 are not on this machine/,
  );
  const trained = await run('inside.viewer({ site: "HK", method: "fedavg", retrain: true })');
  assert.match(String(dataOf(trained)["text/plain"]), /fedavg: Dice 0\.\d{3}.*prediction blue$/, trained.traceback);
  assert.equal(readdirSync(models).length, 1);
  rmSync(models, { recursive: true });
  renameSync(`${models}.elsewhere`, models);
});

test("a damaged file is made again; what is not there is named in one line", async () => {
  const [file] = readdirSync(predictions);
  writeFileSync(join(predictions, file), "damaged");
  const mended = await run('inside.viewer({ site: "HK", method: "fedavg" })');
  assert.match(String(dataOf(mended)["text/plain"]), /fedavg: Dice 0/, mended.traceback);
  assert.match(
    (await run('inside.viewer({ site: "Mars", method: "fedavg" })')).traceback,
    /inside has no prediction of "fedavg" for "Mars" with seed 0; use a method, site and seed of: local-only, fedavg, iop-fl; HK, UCL, BIDMC; 0/,
  );
  assert.match(
    (await run('inside.viewer({ site: "HK", method: "fedavg", place: 9 })')).traceback,
    /HK has no case 9; use 0 to 0/,
  );
});

test("stop ends a prediction and its process", async () => {
  rmSync(predictions, { recursive: true });
  const pid = Number((await run("process.pid")).result);
  const stopped = runCell(kernel, 'await outside.viewer({ site: "HK", method: "iop-fl" })');
  assert.ok(await comesTrue(() => childrenOf(pid).length === 1, 10), "a process that predicts");
  kernel.interrupt();
  assert.equal((await stopped).reply.ename, "Interrupted");
  assert.ok(await comesTrue(() => childrenOf(pid).length === 0, 3), "processes left behind");
});
