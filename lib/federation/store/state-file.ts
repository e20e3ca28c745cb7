import { existsSync } from "node:fs";
import { z } from "zod";
import { WorkbenchError } from "../../core/errors";
import { sha256 } from "../../core/hash";
import { createLayout, entryRoles, layoutSize, type Layout } from "../../core/layout";
import type { State } from "../../core/state";
import { writeAtomic } from "../../io/atomic";
import { readWhole } from "../../io/byte-source";
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

/**
 * Writes states to a safetensors file, atomically; entries are named `<state>/<key>`. The file describes its states: whatever a method
 * keeps or sends, a whole network, a head, a spectrum or a scalar, is read back as it was.
 */
export function writeStateFile(
  path: string,
  { states, note }: StatesToWrite,
  { flush, checksum = true }: WriteOptions = {},
): void {
  const tensors: [string, Pick<StoredTensor, "type" | "shape">][] = [];
  const kinds = new Map<string, string[]>();
  const sums = Array.from(states, ([name, given]) => {
    const state = resolve(given);
    for (const { name: key, shape } of state.layout) tensors.push([`${name}/${key}`, { type: "F32", shape }]);
    const description = describeLayout(state.layout);
    kinds.set(description, [...(kinds.get(description) ?? []), name]);
    return checksum ? checksumOf(name, state) : "";
  });
  const layouts = JSON.stringify(Array.from(kinds, ([layout, names]) => ({ names, layout })));
  const sum = checksum ? join(sums, note) : unchecked;
  writeAtomic(path, withStates(safeTensorsHead(tensors, { note, checksum: sum, layouts }), states.values()), { flush });
}

/**
 * @returns the states, or `undefined` when there is no such file
 * @throws WorkbenchError when the file is damaged
 */
export function readStateFile(path: string): StateFile | undefined {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = readSafeTensors(readWhole(path, path), path);
  const fault = (what: string) => new WorkbenchError(`${path} ${what}`, "remove the file and run again");
  const states = new Map<string, State>();
  for (const { names, layout } of readLayouts(metadata.layouts, fault)) {
    for (const name of names) states.set(name, stateFrom(name, layout, tensors, fault));
  }
  const entries = [...states.values()].reduce((count, { layout }) => count + layout.length, 0);
  if (entries !== tensors.size) throw fault(`holds ${tensors.size} tensors, but describes ${entries}`);
  const inOrder = new Map(orderOf(tensors.keys(), states).map((name) => [name, states.get(name) as State]));
  const note = metadata.note ?? "";
  const isWhole = metadata.checksum === unchecked || stateChecksum(inOrder, note) === metadata.checksum;
  if (!isWhole) throw fault("does not match its checksum");
  return { states: inOrder, note };
}

/** @returns the states whose names begin with a prefix, by the rest of their names */
export function bagBelow(prefix: string, states: ReadonlyMap<string, State>): Readonly<Record<string, State>> {
  return Object.fromEntries(
    [...states].flatMap(([name, state]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), state]] : [])),
  );
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

type Fault = (what: string) => WorkbenchError;

/** What a file says of each of its states: its entries without their shapes, which stand with the tensors. */
const layoutsSchema = z.array(
  z.strictObject({
    names: z.array(z.string()),
    layout: z
      .string()
      .transform((text) => JSON.parse(text) as unknown)
      .pipe(z.array(z.tuple([z.string(), z.enum(entryRoles), z.string()]))),
  }),
);
type Description = z.output<typeof layoutsSchema>[number]["layout"];

const described = new WeakMap<Layout, string>();

function describeLayout(layout: Layout): string {
  const text = described.get(layout) ?? JSON.stringify(layout.map(({ name, role, block }) => [name, role, block]));
  described.set(layout, text);
  return text;
}

function readLayouts(text: string | undefined, fault: Fault): z.output<typeof layoutsSchema> {
  try {
    return layoutsSchema.parse(JSON.parse(text ?? ""));
  } catch {
    throw fault("does not describe its states");
  }
}

function stateFrom(
  name: string,
  description: Description,
  tensors: ReadonlyMap<string, StoredTensor>,
  fault: Fault,
): State {
  const parts = description.map(([entry]) => {
    const part = tensors.get(`${name}/${entry}`);
    if (!(part?.data instanceof Float32Array)) throw fault(`has no numbers for "${name}/${entry}"`);
    return { shape: part.shape, data: part.data };
  });
  const layout = createLayout(
    description.map(([entry, role, block], index) => ({ name: entry, shape: parts[index].shape, role, block })),
  );
  const values = new Float32Array(layoutSize(layout));
  layout.forEach(({ offset }, index) => values.set(parts[index].data, offset));
  return { layout, values };
}

/** The states' names in the order in which they were written. */
function orderOf(keys: Iterable<string>, states: ReadonlyMap<string, State>): string[] {
  const places = new Map(Array.from(keys, (key, index) => [key, index]));
  const placeOf = (name: string) => places.get(`${name}/${states.get(name)?.layout[0]?.name}`) ?? 0;
  return [...states.keys()].sort((a, b) => placeOf(a) - placeOf(b));
}

const resolve = (given: State | (() => State)): State => (typeof given === "function" ? given() : given);
const bytesOf = ({ values }: State) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const checksumOf = (name: string, state: State) => `${name}:${sha256(bytesOf(state))}:${describeLayout(state.layout)}`;
const join = (sums: readonly string[], note: string) => sha256([note, ...sums].join("\n"));
