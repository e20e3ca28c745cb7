import type { Arena } from "./arena";
import type { Place, Plan } from "./plan";
import type { Dispatch, Recording } from "./recording";

/** Buffers of one run that differ from those of another. */
export interface Handed {
  readonly inputs: readonly (GPUBuffer | undefined)[];
  readonly outputs: readonly GPUBuffer[];
}

/** A call of a shader, bound to the buffers of a run. */
export interface Call {
  readonly pipeline: GPUComputePipeline;
  readonly groups: Dispatch["groups"];
  /** The bindings for these buffers, the ones made before where they were bound already. */
  bind(handed: Handed): GPUBindGroup;
}

/** Weights and moments go round among so many buffers, since each step writes those that the one before last has read. */
const keptBindings = 8;

/** @param fixed holds what the plan lays there */
export function createCalls(
  device: GPUDevice,
  { dispatches }: Recording,
  { places }: Plan,
  fixed: GPUBuffer | undefined,
  arena: Arena,
): Call[] {
  const bufferAt = (place: Place, handed: Handed): GPUBuffer => {
    const buffer = {
      slot: () => arena.buffer((place as { slot: number }).slot),
      input: () => handed.inputs[(place as { index: number }).index],
      output: () => handed.outputs[(place as { index: number }).index],
      fixed: () => fixed,
    }[place.kind]();
    if (!buffer) throw new RangeError(`a program has no buffer for ${JSON.stringify(place)}`);
    return buffer;
  };
  return dispatches.map(({ pipeline, layout, groups, buffers }) => {
    const bound = buffers.map((storage) => ({ size: storage.size, place: places.get(storage) as Place }));
    const moving = bound.filter(({ place }) => place.kind === "input" || place.kind === "output");
    const make = (handed: Handed) =>
      device.createBindGroup({
        layout,
        entries: bound.map(({ size, place }, binding) => ({
          binding,
          resource: { buffer: bufferAt(place, handed), offset: place.kind === "fixed" ? place.offset : 0, size },
        })),
      });
    let generation = -1;
    const made = new Map<string, GPUBindGroup>();
    return {
      pipeline,
      groups,
      bind(handed) {
        if (generation !== arena.generation) made.clear();
        generation = arena.generation;
        const name = moving.map(({ place }) => numberOf(bufferAt(place, handed))).join();
        const group = made.get(name) ?? make(handed);
        if (!made.has(name) && made.size === keptBindings) made.delete(made.keys().next().value as string);
        made.set(name, group);
        return group;
      },
    };
  });
}

const numbers = new WeakMap<GPUBuffer, number>();
let counted = 0;

function numberOf(buffer: GPUBuffer): number {
  const known = numbers.get(buffer) ?? counted++;
  numbers.set(buffer, known);
  return known;
}
