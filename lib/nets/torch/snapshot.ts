import { quote, WorkbenchError } from "../../core/errors";
import { layoutSize } from "../../core/layout";
import type { State } from "../../core/state";
import { fromTorch, torchShape } from "./torch-layout";
import { unetLayout, type UNetShape } from "../model/unet-layout";

/** One tensor of a snapshot as PyTorch keeps it. */
export interface SnapshotEntry {
  readonly shape: readonly number[];
  /** Row-major, in PyTorch's order of axes. */
  readonly values: ArrayLike<number>;
}

export interface Snapshot {
  readonly shape: UNetShape;
  readonly state: State;
  /** Keys that the file has and the segmenting network does not: the official code's unused heads, what lies beside the dict. */
  readonly leftOut: readonly string[];
  /** Counters of batches that the file has not, since PyTorch did not keep them before 0.4.1: they begin at 0, as when it loads it. */
  readonly startedAnew?: readonly string[];
}

const first = "encoder1.enc1_conv1.weight";
const last = "conv.weight";
/** The self-supervised head of the official nets/models.py (`bn`, `fc`), which `task="seg"` never runs. */
const unusedHeads = /^(bn|fc)\./;

/**
 * Takes the entries of an official state dict for the project's U-Net, whose width follows from their shapes.
 * @param entries by the official names @param source the file's name, for errors
 * @throws WorkbenchError naming the key that is missing, unknown, of another shape, or holds a value that is not finite
 */
export function unetFromSnapshot(entries: ReadonlyMap<string, SnapshotEntry>, source: string): Snapshot {
  const fault = (what: string) =>
    new WorkbenchError(`${source}: ${what}`, "give a snapshot of the official U-Net (nets/models.py)");
  const named = (name: string): SnapshotEntry => {
    const entry = entries.get(name);
    if (!entry) throw fault(`key "${name}" is missing`);
    return entry;
  };
  const axes = (name: string) => {
    const { shape } = named(name);
    if (shape.length !== 4) throw fault(`key "${name}" has shape [${shape}], want four axes`);
    return shape;
  };
  const [features, inChannels] = axes(first);
  const shape: UNetShape = { features, inChannels, classes: axes(last)[0] };
  const layout = unetLayout(shape);
  const known = new Set(layout.map(({ name }) => name));
  const strange = [...entries.keys()].filter((name) => !known.has(name));
  const unknown = strange.find((name) => !unusedHeads.test(name));
  if (unknown !== undefined) throw fault(`key ${quote(unknown)} is not of this network`);
  const counters = layout.filter(({ role }) => role === "counter").map(({ name }) => name);
  const startedAnew = counters.some((name) => entries.has(name)) ? [] : counters;
  const present = layout.filter(({ name }) => !startedAnew.includes(name));
  for (const entry of present) {
    const wanted = torchShape(entry);
    const found = named(entry.name).shape;
    if (found.join() !== wanted.join())
      throw fault(`key "${entry.name}" has shape [${found}], want [${wanted}] for ${features} features`);
  }
  // All shapes are those of the file by now: nothing larger than the file is allocated.
  const values = new Float32Array(layoutSize(layout));
  for (const entry of present) {
    const turned = fromTorch(named(entry.name).values, entry);
    const bad = turned.find((value) => !Number.isFinite(value) || (value < 0 && entry.role === "variance"));
    if (bad !== undefined) throw fault(`key "${entry.name}" holds ${bad}`);
    values.set(turned, entry.offset);
  }
  return { shape, state: { layout, values }, leftOut: strange, ...(startedAnew.length > 0 && { startedAnew }) };
}
