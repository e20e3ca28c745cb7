/**
 * `npm run big-set`: makes a set of 200 volumes of 40 slices of 384 x 384 (7 GB with what is prepared of it, removed at the end), loads
 * it in a process of its own and trains some steps, and compares steps on slices in memory with steps on slices on the disk.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../../lib/core/random";
import { batchIndices, gather } from "../../../lib/data/set/batches";
import { loadSites } from "../../../lib/data/set/load";
import { hashSites } from "../../../lib/data/set/site-data";
import type { SliceSet } from "../../../lib/data/set/types";
import { imageSetOf } from "../../../lib/data/task/image-set";
import { taskSchema } from "../../../lib/data/task/task";
import { startEngine } from "../../../lib/engine";
import { trainSlots } from "../../../lib/federation/client/train-slots";
import { writeNifti } from "../../../lib/io/nifti";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { unet } from "../../../lib/nets/model/unet";
import { dataMemory } from "../../../lib/records/data-memory";

const sites = ["A", "B", "C", "D"];
const [side, depth, casesOfSite, batch, steps] = [384, 40, 50, 5, 24];
const shape = [depth, side, side] as const;
const set = imageSetOf(
  taskSchema.parse({
    ...{ id: "big", title: "Big", sites, modality: "volume", inChannels: 3, layout: { kind: "folders" } },
    classes: [{ name: "background" }, { name: "disc" }],
  }),
);

function write(folder: string): void {
  const spacing = [3, 1, 1] as const;
  const noise = Int16Array.from({ length: depth * side * side }, (_, i) => (i * 7919) % 1009);
  for (const site of sites)
    for (let place = 0; place < casesOfSite; place++) {
      const radius = 40 + place + 10 * sites.indexOf(site);
      const mask = Uint8Array.from(noise, (_, i) =>
        Number(Math.hypot((Math.floor(i / side) % side) - 190, (i % side) - 190) < radius),
      );
      const voxels = noise.map((value, i) => value + 500 * mask[i] + place);
      for (const [kind, own] of [
        ["images", voxels],
        ["masks", mask],
      ] as const) {
        mkdirSync(join(folder, site, kind), { recursive: true });
        writeFileSync(
          join(folder, site, kind, `${place}.nii`),
          writeNifti({ voxels: own, shape, spacing }, { gzip: false }),
        );
      }
    }
}

const load = (folder: string, of: readonly string[], memory: number) =>
  loadSites(set, folder, of, {
    side,
    reading: "intended",
    seed: 1,
    cache: { folder: join(folder, "cache"), code: "1" },
    memory,
  });

async function train(slices: SliceSet, features: number, count: number, name: string): Promise<number> {
  const net = { inChannels: 3, classes: 2, features };
  const batches = batchIndices(slices.count, batch, createRandom(name))
    .slice(0, count)
    .map((own) => ({ batch: own }));
  const started = processorTime();
  await trainSlots({
    ...{ model: unet(net), slots: { w: { start: initialiseUNet(net, createRandom(1)) } }, slices, batches },
    ...{ optimiser: { kind: "adam", learningRate: 1e-3 }, random: createRandom(2) },
  });
  return (processorTime() - started) / count;
}

/** Milliseconds on a processor: the machine may have other things to do. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most that this process had, in megabytes. */
const peak = () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024);
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const say = (line: string) => process.stdout.write(`${line}\n`);

/** As a worker does: load all sites, hash what was read, train on one. */
async function worker(folder: string, features: number): Promise<void> {
  const started = performance.now();
  const loaded = load(folder, sites, dataMemory());
  hashSites(loaded);
  const seconds = Math.round((performance.now() - started) / 1000);
  say(`${loaded.length} sites loaded and hashed in ${seconds} s, at most ${peak()} MB`);
  await startEngine("auto");
  await train(loaded[0].parts.train, features, steps, "w");
  say(`with ${steps} steps of a U-Net of ${features} features at most ${peak()} MB`);
}

/** In turns, so that whatever else the machine does meets both. */
async function compare(folder: string, features: number): Promise<void> {
  const [[inMemory], [onDisk]] = [Infinity, 0].map((memory) => load(folder, ["A"], memory));
  await startEngine("auto");
  const takes: Record<"memory" | "disk", number[]> = { memory: [], disk: [] };
  const draws: Record<"memory" | "disk", number[]> = { memory: [], disk: [] };
  for (let turn = 0; turn < 5; turn++)
    for (const [where, { parts }] of [
      ["memory", inMemory],
      ["disk", onDisk],
    ] as const) {
      takes[where].push(await train(parts.train, features, 2, `${turn}`));
      const batches = batchIndices(parts.train.count, batch, createRandom(`draw ${turn}`)).slice(0, 10);
      const started = processorTime();
      for (const own of batches) gather(parts.train, own);
      draws[where].push((processorTime() - started) / batches.length);
    }
  for (const where of ["memory", "disk"] as const)
    say(
      `${where}: a step of ${features} features ${median(takes[where]).toFixed(0)} ms, of which drawing the batch ${median(draws[where]).toFixed(1)} ms`,
    );
}

const [what, given, features = "8"] = process.argv.slice(2);
if (what === "worker") void worker(given, Number(features));
else if (what === "compare") void compare(given, Number(features));
else {
  const folder = mkdtempSync(join(tmpdir(), "iopfl-big-"));
  try {
    write(folder);
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [...process.execArgv, __filename, ...args], { stdio: "inherit" });
    run("worker", folder);
    run("compare", folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
