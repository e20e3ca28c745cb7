import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { hashState } from "../../../lib/core/state";
import { layoutSize } from "../../../lib/core/layout";
import { startEngine } from "../../../lib/engine";
import {
  checkpointFiles,
  openCheckpoint,
  removeCheckpoint,
  type Spent,
} from "../../../lib/federation/store/checkpoint";
import {
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../../../lib/federation/round/federation";
import { trainingOf } from "../../../lib/methods/registry";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { unetLayout } from "../../../lib/nets/model/unet-layout";
import { smallSite } from "../support/small-site";

const shape = { inChannels: 3, classes: 2, features: 2 };
const layout = unetLayout(shape);
const clients = ["A", "B", "C"].map((site) => smallSite(site, { train: 3, validation: 1, test: 1 }));
const folder = mkdtempSync(join(tmpdir(), "iopfl-clients-"));
const path = join(folder, "job.safetensors");
const { generations, clients: kept } = checkpointFiles(path);

before(() => startEngine("wasm"));
after(() => rmSync(folder, { recursive: true, force: true }));

function specOf(id: string, rounds: number): FederationSpec {
  const method = trainingOf(id);
  const random = createRandom("kept");
  const training = { optimiser: { kind: "adam-amsgrad", learningRate: 0.01 }, batch: 2, localEpochs: 1 } as const;
  return {
    shape,
    method,
    params: method.params.parse({}),
    clients,
    training,
    rounds,
    start: initialiseUNet(shape, random.child("weights")),
    random,
  };
}

const hashes = ({ server, clients: states }: FederationState) => [
  ...Object.values(server).map(hashState),
  ...states.flatMap((state) => Object.values(state.read()).map(hashState)),
];

/** Runs as a process of its own would. */
async function run(spec: FederationSpec, warnings: string[] = [], memory = 0): Promise<FederationState> {
  const checkpoint = openCheckpoint(path, memory);
  const onDisk = { ...spec, store: checkpoint.store };
  const from = checkpoint.load((text) => warnings.push(text))?.state ?? startFederation(onDisk);
  return runFederation(onDisk, from, { onRound: (state) => checkpoint.save(state) });
}

const start = () => removeCheckpoint(path);

test("what stays on disk is what the two latest rounds name, each content once; what has not changed is not written again", async () => {
  start();
  const inMemory = await runFederation(specOf("iop-fl", 3), startFederation(specOf("iop-fl", 3)));
  assert.deepEqual(hashes(await run(specOf("iop-fl", 3))), hashes(inMemory));
  assert.equal(readdirSync(kept).length, 2 * clients.length, "three of each round; no upload is left");
  start();
  const still: FederationSpec["method"] = {
    ...trainingOf("local-only"),
    client: {
      start: (model) => ({ own: model }),
      round: async ({ kept: { own }, train }) => ({ send: await train({ model: { start: own } }) }),
      predict: ({ kept: { own } }) => own,
    },
  };
  await run({ ...specOf("local-only", 1), method: still });
  const [own, ...others] = readdirSync(kept);
  assert.deepEqual(others, [], "all clients still have the model they started with");
  const written = statSync(join(kept, own)).mtimeMs;
  await run({ ...specOf("local-only", 3), method: still });
  assert.deepEqual(readdirSync(kept), [own]);
  assert.equal(statSync(join(kept, own)).mtimeMs, written);
});

test("a client's state that is torn, altered or lost is never read: the run goes on from the round before, to the same bytes", async () => {
  const whole = hashes(await runFederation(specOf("iop-fl", 3), startFederation(specOf("iop-fl", 3))));
  const damages: ((file: string, bytes: Buffer) => void)[] = [
    (file) => rmSync(file),
    (file, bytes) => writeFileSync(file, bytes.subarray(0, bytes.length - 5)),
    (file, bytes) =>
      writeFileSync(file, Buffer.from(bytes.map((byte, at) => (at === bytes.length - 100 ? byte ^ 4 : byte)))),
    (file) =>
      writeFileSync(file, readFileSync(join(kept, readdirSync(kept).find((name) => !file.endsWith(name)) as string))), // whole, but another's
  ];
  for (const damage of damages) {
    start();
    await run(specOf("iop-fl", 1));
    const before = new Set(readdirSync(kept));
    await run(specOf("iop-fl", 2));
    const [latest] = readdirSync(kept).filter((name) => !before.has(name));
    damage(join(kept, latest), readFileSync(join(kept, latest)));
    const warnings: string[] = [];
    assert.deepEqual(hashes(await run(specOf("iop-fl", 3), warnings)), whole);
    assert.match(warnings.join("\n"), /a damaged checkpoint is left out: .*clients/);
    assert.doesNotMatch(warnings.join(""), /\n/, "one warning");
  }
});

test("what a killed process left is cleared up by the next; a finished checkpoint leaves nothing", async () => {
  start();
  await run(specOf("iop-fl", 1));
  writeFileSync(join(kept, ".half.safetensors.1-ab.tmp"), "half");
  writeFileSync(join(kept, "f00d.safetensors"), "of a round that never ended");
  await run(specOf("iop-fl", 2));
  assert.equal(readdirSync(kept).length, 2 * clients.length);
  removeCheckpoint(path);
  assert.deepEqual([...generations, kept].filter(existsSync), []);
});

test("what fits stays in memory and in the checkpoint itself; what no longer fits goes to disk; either resumes from the other", async () => {
  const size = 4 * layoutSize(layout);
  const whole = hashes(await runFederation(specOf("iop-fl", 3), startFederation(specOf("iop-fl", 3))));
  for (const [first, then] of [
    [1e9, 0],
    [0, 1e9],
    [4 * size, 4 * size],
    [7 * size, 2 * size],
  ]) {
    start();
    await run(specOf("iop-fl", 2), [], first);
    const files = existsSync(kept) ? readdirSync(kept).length : 0;
    assert.ok(
      first === 1e9 ? files === 0 : files > 0 && files <= 6,
      `${files} files with ${first / size} states in memory`,
    );
    assert.deepEqual(hashes(await run(specOf("iop-fl", 3), [], then)), whole);
  }
});

test("what the rounds cost is kept with them", () => {
  start();
  const spent: Spent = { wallSeconds: 12.5, cpuSeconds: 11, peakMemoryMegabytes: 200 };
  const spec = specOf("iop-fl", 1);
  openCheckpoint(path).save(startFederation(spec), spent);
  assert.deepEqual(openCheckpoint(path).load(assert.fail)?.spent, spent);
});
