import { existsSync, readFileSync } from "node:fs";
import { WorkbenchError } from "../../core/errors";
import { sha256 } from "../../core/hash";
import { createLayout, layoutSize, type Layout, type State } from "../../core/state";
import { writeAtomic } from "../../io/atomic";
import { readSafeTensors, safeTensorsHead, type StoredTensor } from "../../io/safetensors";

/** Stands in place of the checksum of a file that goes from one living process to another. */
const unchecked = "none";

/** Named states with one text beside them: a checkpoint, or the models that a federation leaves behind. */
export interface StateFile {
  readonly states: ReadonlyMap<string, State>;
  readonly note: string;
}

/** The same before it is written. A state may be a function that gives it, always the same: then one at a time is in memory. */
export interface StatesToWrite {
  readonly states: ReadonlyMap<string, State | (() => State)>;
  readonly note: string;
}

/** How a file is written: `flush` as `writeAtomic`; without a checksum, which takes as long as the writing, it is read as it is. */
interface WriteOptions {
  readonly flush?: boolean;
  readonly checksum?: boolean;
}

/** Writes states of one layout to a safetensors file, atomically; entries are named `<state>/<official key>`. */
export function writeStateFile(
  path: string,
  { states, note }: StatesToWrite,
  { flush, checksum = true }: WriteOptions = {},
): void {
  const tensors: [string, Pick<StoredTensor, "type" | "shape">][] = [];
  const sums = Array.from(states, ([name, given]) => {
    const state = resolve(given);
    for (const { name: key, shape } of state.layout) tensors.push([`${name}/${key}`, { type: "F32", shape }]);
    return checksum ? checksumOf(name, state) : "";
  });
  const head = safeTensorsHead(tensors, { note, checksum: checksum ? join(sums, note) : unchecked });
  writeAtomic(path, withStates(head, states.values()), { flush });
}

/**
 * @returns the states, or `undefined` when there is no such file
 * @throws WorkbenchError when the file is damaged or was written for another network
 */
export function readStateFile(path: string, layout: Layout): StateFile | undefined {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = readSafeTensors(readFileSync(path), path);
  const parts = new Map<string, Map<string, Float32Array>>();
  for (const [name, { shape, data }] of tensors) {
    const cut = name.lastIndexOf("/");
    const [stateName, key] = [name.slice(0, cut), name.slice(cut + 1)];
    const entry = layout.find((candidate) => candidate.name === key);
    if (!entry || entry.shape.join() !== shape.join() || !(data instanceof Float32Array)) {
      throw new WorkbenchError(
        `${path} holds "${name}" of shape [${shape.join(",")}], which this network does not have`,
        "remove the file and run again",
      );
    }
    const part = parts.get(stateName) ?? new Map<string, Float32Array>();
    parts.set(stateName, part.set(key, data));
  }
  const states = new Map(Array.from(parts, ([name, part]) => [name, stateFrom(layout, part)]));
  const note = metadata.note ?? "";
  const isWhole = metadata.checksum === unchecked || stateChecksum(states, note) === metadata.checksum;
  if (!isWhole) throw new WorkbenchError(`${path} does not match its checksum`, "remove the file and run again");
  return { states, note };
}

/** @returns SHA-256 over names, values and note: what stands in the file of these states */
export function stateChecksum(states: ReadonlyMap<string, State>, note: string): string {
  return join(
    Array.from(states, ([name, state]) => checksumOf(name, state)),
    note,
  );
}

function* withStates(head: Uint8Array, states: Iterable<State | (() => State)>): Generator<Uint8Array> {
  yield head;
  for (const given of states) {
    yield bytesOf(resolve(given));
  }
}

/** A method may keep only a part of a model: the state then has the entries that were stored, in the order of the network. */
function stateFrom(whole: Layout, part: ReadonlyMap<string, Float32Array>): State {
  const layout = part.size === whole.length ? whole : createLayout(whole.filter(({ name }) => part.has(name)));
  const values = new Float32Array(layoutSize(layout));
  for (const { name, offset } of layout) values.set(part.get(name) as Float32Array, offset);
  return { layout, values };
}

const resolve = (given: State | (() => State)): State => (typeof given === "function" ? given() : given);
const bytesOf = ({ values }: State) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const checksumOf = (name: string, state: State) => `${name}:${sha256(bytesOf(state))}`;
const join = (sums: readonly string[], note: string) => sha256([note, ...sums].join("\n"));
