import { createHash } from "node:crypto";
import { createLayout, layoutSize, type Layout } from "./layout";
import { where, type Where } from "./where";

/** A model's numbers as one flat vector of named tensors. Treated as immutable by everything that receives one. */
export interface State {
  readonly layout: Layout;
  readonly values: Float32Array;
}

/** @returns the numbers of one entry, as a view. @throws if there is no such entry */
export function valuesOf(state: State, name: string): Float32Array {
  const entry = state.layout.find((candidate) => candidate.name === name);
  if (!entry) throw new RangeError(`no entry "${name}" in a state of ${state.layout.length} entries`);
  return state.values.subarray(entry.offset, entry.offset + entry.size);
}

/** `share * past + (1 - share) * present` for every entry. */
export function lerp(past: State, present: State, share: number): State {
  assertSameLayout(past.layout, present.layout);
  const values = new Float32Array(past.values.length);
  for (let i = 0; i < values.length; i++) values[i] = share * past.values[i] + (1 - share) * present.values[i];
  return { layout: past.layout, values };
}

/** `sum_k weight_k state_k / sum_k weight_k` for every entry, summed in float64 in the order given; holds one state at a time. */
export function weightedMean(states: Iterable<State>, weights: readonly number[]): State {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new RangeError(`cannot average ${weights.length} states with weights that sum to ${total}`);
  return combine(
    states,
    weights.map((weight) => weight / total),
  );
}

/** `sum_k share_k state_k` for every entry, summed in float64 in the order given; holds one state at a time. */
export function combine(states: Iterable<State>, shares: readonly number[]): State {
  let layout: Layout | undefined;
  let sums = new Float64Array();
  let count = 0;
  for (const { layout: own, values } of states) {
    if (layout) assertSameLayout(layout, own);
    else [layout, sums] = [own, new Float64Array(values.length)];
    const share = shares[count++];
    for (let i = 0; i < sums.length; i++) sums[i] += share * values[i];
  }
  if (!layout || count !== shares.length)
    throw new RangeError(`cannot combine ${count} states with ${shares.length} shares`);
  return { layout, values: Float32Array.from(sums) };
}

/** Takes the entries that `fromPatch` names out of `patch` and all the others out of `base`. */
export function overlay(base: State, patch: State, fromPatch: Where): State {
  assertSameLayout(base.layout, patch.layout);
  const values = base.values.slice();
  for (const entry of base.layout) {
    if (fromPatch(entry)) values.set(patch.values.subarray(entry.offset, entry.offset + entry.size), entry.offset);
  }
  return { layout: base.layout, values };
}

/** @returns the entries that `wanted` names as a state of their own: what travels of a model that travels in part */
export function partOf(state: State, wanted: Where): State {
  const entries = state.layout.filter(wanted);
  const layout = createLayout(entries);
  const values = new Float32Array(layoutSize(layout));
  entries.forEach(({ offset, size }, index) =>
    values.set(state.values.subarray(offset, offset + size), layout[index].offset),
  );
  return { layout, values };
}

/** @returns `base` with the entries that `part` has taken from it. @throws if `base` has no such entry */
export function withPart(base: State, part: State): State {
  const whole: State = { layout: base.layout, values: base.values.slice() };
  for (const { name, offset, size } of part.layout)
    valuesOf(whole, name).set(part.values.subarray(offset, offset + size));
  return whole;
}

/** @returns `base` with the entries of `part`: in place of those it has, behind its own where it has none */
export function joined(base: State, part: State): State {
  const has = new Set(base.layout.map(({ name }) => name));
  const added = part.layout.filter(({ name }) => !has.has(name));
  const layout = added.length > 0 ? createLayout([...base.layout, ...added]) : base.layout;
  const values = new Float32Array(layoutSize(layout));
  values.set(base.values);
  return withPart({ layout, values }, part);
}

/** Euclidean distance between two states over the entries that `counted` names (default: what is trained). */
export function distance(a: State, b: State, counted: Where = where.trained): number {
  assertSameLayout(a.layout, b.layout);
  let sum = 0;
  for (const entry of a.layout) {
    if (!counted(entry)) continue;
    for (let i = entry.offset; i < entry.offset + entry.size; i++) sum += (a.values[i] - b.values[i]) ** 2;
  }
  return Math.sqrt(sum);
}

/** @returns the bytes a state takes when it is sent as float32. */
export function byteLength(state: State): number {
  return state.values.byteLength;
}

/** SHA-256 over names, shapes and little-endian values. */
export function hashState(state: State): string {
  const hash = createHash("sha256");
  for (const { name, shape } of state.layout) hash.update(`${name}[${shape.join(",")}]`);
  return hash
    .update(new Uint8Array(state.values.buffer, state.values.byteOffset, state.values.byteLength))
    .digest("hex");
}

function assertSameLayout(a: Layout, b: Layout): void {
  if (a === b) return;
  const same = a.length === b.length && a.every((entry, i) => entry.name === b[i].name && entry.size === b[i].size);
  if (!same) throw new RangeError(`states differ in layout: ${a.length} entries against ${b.length}`);
}
