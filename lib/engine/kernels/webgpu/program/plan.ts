import type { Recording, Storage } from "./recording";

/** Where a storage lies in every run of a program. */
export type Place =
  /** In the room that all programs share. */
  | { readonly kind: "slot"; readonly slot: number }
  /** In the tensor that a run is handed, or that it hands out. */
  | { readonly kind: "input" | "output"; readonly index: number }
  /** In the program's own buffer, at this byte. */
  | { readonly kind: "fixed"; readonly offset: number };

export interface Plan {
  readonly places: ReadonlyMap<Storage, Place>;
  /** Bytes of each slot. */
  readonly slots: readonly number[];
  /** What lies fixed, and how many bytes it takes together. */
  readonly fixed: readonly { readonly offset: number; readonly values: ArrayBuffer }[];
  readonly fixedBytes: number;
  /** Outputs that are an input, a constant or another output again: they are copied behind the last call. */
  readonly copies: readonly { readonly from: Storage; readonly output: number }[];
}

/** At which a binding may begin in a buffer, on every card. */
const alignment = 256;

/** Gives every storage of a program its place: what is only read between two calls shares its bytes with what comes after. */
export function planProgram({ dispatches, inputs, outputs }: Recording): Plan {
  const places = new Map<Storage, Place>(inputs.map((storage, index) => [storage, { kind: "input", index }]));
  const copies: { from: Storage; output: number }[] = [];
  outputs.forEach(({ storage }, index) => {
    if (storage.values || places.has(storage)) copies.push({ from: storage, output: index });
    else places.set(storage, { kind: "output", index });
  });

  const fixed: { offset: number; values: ArrayBuffer }[] = [];
  let fixedBytes = 0;
  const fix = (values: ArrayBuffer): Place => {
    const offset = fixedBytes;
    fixed.push({ offset, values });
    fixedBytes += Math.ceil(values.byteLength / alignment) * alignment;
    return { kind: "fixed", offset };
  };
  const known = new Map<string, Place>();
  const lives = new Map<Storage, Life>();
  const settle = (storage: Storage, call: number): void => {
    const life = lives.get(storage);
    if (life) life.last = call;
    else if (storage.values && !places.has(storage)) {
      // Calls on equal shapes are told equal sizes.
      const content = Buffer.from(storage.values).toString("latin1");
      const place = known.get(content) ?? fix(storage.values);
      places.set(storage, place);
      known.set(content, place);
    } else if (!places.has(storage)) lives.set(storage, { storage, first: call, last: call });
  };
  dispatches.forEach(({ buffers }, call) => buffers.forEach((storage) => settle(storage, call)));
  for (const { from } of copies) settle(from, dispatches.length);
  const slots = shareSlots([...lives.values()], places);
  return { places, slots, fixed, fixedBytes, copies };
}

/** From the call that writes a storage to its last reader. */
interface Life {
  readonly storage: Storage;
  readonly first: number;
  last: number;
}

/** The largest first, each into the first slot that is free while it lives. @returns the bytes of each slot */
function shareSlots(lives: Life[], places: Map<Storage, Place>): number[] {
  const slots: { bytes: number; lives: Life[] }[] = [];
  for (const life of [...lives].sort((a, b) => b.storage.size - a.storage.size)) {
    const isFree = (slot: (typeof slots)[number]) =>
      slot.lives.every(({ first, last }) => last < life.first || life.last < first);
    let slot = slots.findIndex(isFree);
    if (slot < 0) slot = slots.push({ bytes: life.storage.size, lives: [] }) - 1;
    slots[slot].lives.push(life);
    places.set(life.storage, { kind: "slot", slot });
  }
  return slots.map(({ bytes }) => bytes);
}
