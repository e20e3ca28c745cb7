import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { useOneOf } from "../core/closest";
import { WorkbenchError } from "../core/errors";
import { readSnapshot } from "../lab/jobs/snapshot-file";
import { clientOfSnapshot, isGlobalSnapshot } from "../lab/jobs/snapshot-names";
import type { Snapshot } from "../nets/torch/snapshot";
import { configIds } from "../records/paths";
import { readProfile, readTask, type Profile, type Task } from "../records/config";
import type { FoundModels, ModelWish } from "./models";

/** As the official code names them; others, as `npx iopfl export` was told to, in the order of their names. */
const placeOf = (file: string) => clientOfSnapshot(file) ?? 0;
const snapshotEnding = /\.(pth|pt|pkl|tar|safetensors)$/i;

/**
 * Models out of snapshots of the official network: one file, or a folder with one global model and those of the clients, in the order of
 * their index, or else of their names. What they segment follows from their classes; the size of images from the profile of their width.
 */
export function snapshotModels(path: string, { profile: id, task: wanted }: ModelWish): FoundModels {
  const files = filesOf(path);
  const read = files.map((file) => ({ name: basename(file).replace(snapshotEnding, ""), ...readSnapshot(file) }));
  const profile = readProfile(id);
  const task = taskOf(read[0], wanted);
  for (const each of read) assertFits(each, read[0], profile);
  const { data, adaptation } = profile;
  return {
    from: `snapshots ${basename(path)}, ${files.length} model${files.length === 1 ? "" : "s"}`,
    task,
    shape: read[0].shape,
    side: data.side,
    reading: data.reading,
    adaptation,
    global: read[0].state,
    personal: read.slice(1).map(({ name, state }) => ({ name, state })),
  };
}

/** The global model first. */
function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .filter((name) => snapshotEnding.test(name) || !name.includes("."))
    .sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
  const globals = names.filter(isGlobalSnapshot);
  if (globals.length !== 1)
    throw new WorkbenchError(
      `${path} holds ${names.length} snapshots, of which ${globals.length} are called global`,
      "give a folder with one, such as fedavg_global_round95 or global.safetensors, and those of the clients, or one file",
    );
  return [globals[0], ...names.filter((name) => name !== globals[0])].map((name) => join(path, name));
}

function taskOf({ shape }: Snapshot, wanted: string | undefined): Task {
  // A task of one's own is meant only where it is named.
  const tasks = configIds("tasks")
    .map(readTask)
    .filter(({ id, set }) => set !== "own" || id === wanted);
  const fitting = tasks.filter(
    ({ inChannels, classes }) => inChannels === shape.inChannels && classes === shape.classes,
  );
  const ids = fitting.map(({ id }) => id);
  const of = `${shape.inChannels} channels in and ${shape.classes} classes`;
  if (fitting.length === 0)
    throw new WorkbenchError(
      `a snapshot has ${of}, as no task has`,
      `see configs/tasks: ${configIds("tasks").join(", ")}`,
    );
  if (wanted === undefined) {
    if (fitting.length === 1) return fitting[0];
    throw new WorkbenchError(`snapshots of ${of} fit several tasks`, `say --task: ${ids.join(", ")}`);
  }
  const task = fitting.find(({ id }) => id === wanted);
  if (task) return task;
  throw new WorkbenchError(`snapshots of ${of} are not those of task "${wanted}"`, useOneOf(wanted, ids));
}

function assertFits(
  { shape, name }: Snapshot & { readonly name: string },
  first: Snapshot,
  { id, net }: Profile,
): void {
  const text = ({ features, inChannels, classes }: typeof shape) =>
    `${features} features, ${inChannels} channels in and ${classes} classes`;
  if (text(shape) !== text(first.shape))
    throw new WorkbenchError(`${name} has ${text(shape)}, the global model ${text(first.shape)}`, "take it out");
  if (shape.features !== net.features)
    throw new WorkbenchError(
      `the snapshots have ${shape.features} features, profile ${id} ${net.features}`,
      "choose --profile by the width, which says at which size images are seen (published snapshots: paper)",
    );
}
