import { WorkbenchError } from "../../core/errors";

/**
 * How a volume becomes slices. `published`: as the official `utils/data_preprocess.py` does, raw intensities, its last slice and
 * its slice order included. `intended`: z-scored per volume, symmetric neighbours in ascending order.
 */
export type Reading = "published" | "intended";

/** @returns the slices of a mask `[depth, height, width]` that hold any label, ascending. */
export function labelledSlices(mask: Uint8Array, [depth, height, width]: readonly [number, number, number]): number[] {
  const area = height * width;
  const slices: number[] = [];
  for (let slice = 0; slice < depth; slice++) {
    if (mask.subarray(slice * area, (slice + 1) * area).some((label) => label > 0)) slices.push(slice);
  }
  return slices;
}

/**
 * Which three slices make the input of each kept slice, as places in the list of kept slices. The first has (0, 0, 1), an inner
 * one (i-1, i, i+1); the last has (i-1, i, i), but (i-2, i-1, i) in the published code (`utils/data_preprocess.py:38-39`), where
 * its label belongs to the third channel.
 * @throws WorkbenchError for fewer than three slices in the published reading, where the official code stops at its assertion
 */
export function neighbours(count: number, reading: Reading): [number, number, number][] {
  if (reading === "published" && count < 3) {
    throw new WorkbenchError(
      `${count} labelled slices are too few for the published stacking (3)`,
      "use the intended reading, or leave the case out",
    );
  }
  return Array.from({ length: count }, (_, i) => {
    if (reading === "published" && i === count - 1) return [i - 2, i - 1, i];
    return [Math.max(i - 1, 0), i, Math.min(i + 1, count - 1)];
  });
}

/**
 * The order in which CPython lists a set of small whole numbers that were added in this order: the official code takes
 * `list(set(np.where(label > 0)[0]))` (`utils/data_preprocess.py:26`), so slices of a volume come rotated when their numbers
 * cross a multiple of the set's table. Follows Objects/setobject.c: table of 8, grown to more than four times the members when
 * three fifths are full; nine linear probes, then a perturbed jump.
 */
export function setOrder(values: readonly number[]): number[] {
  let table: (number | undefined)[] = new Array<undefined>(8).fill(undefined);
  let members = 0;
  const insert = (value: number): boolean => {
    const mask = table.length - 1;
    let slot = value & mask;
    for (let perturb = value; ;) {
      const probes = slot + 9 <= mask ? 9 : 0;
      for (let probe = slot; probe <= slot + probes; probe++) {
        if (table[probe] === value) return false;
        if (table[probe] !== undefined) continue;
        table[probe] = value;
        return true;
      }
      perturb >>>= 5;
      slot = (slot * 5 + 1 + perturb) & mask;
    }
  };
  const listed = () => table.filter((value): value is number => value !== undefined);
  for (const value of values) {
    if (!insert(value)) continue;
    members++;
    if (members * 5 < (table.length - 1) * 3) continue;
    const held = listed();
    let size = 8;
    while (size <= members * 4) size *= 2;
    table = new Array<undefined>(size).fill(undefined);
    held.forEach(insert);
  }
  return listed();
}

/**
 * Which slices of the volume make the input of one of its labelled slices: its neighbours among the labelled slices, in the order
 * of `setOrder` in the published reading. @param ascending all of them; @param slice one of them
 */
export function neighboursOf(ascending: readonly number[], slice: number, reading: Reading): number[] {
  const kept = reading === "published" ? setOrder(ascending) : ascending;
  return neighbours(kept.length, reading)[kept.indexOf(slice)].map((place) => kept[place]);
}
