/** Values one behind the other, in memory or in a file. A typed array is such. */
export interface Values<Part> {
  readonly length: number;
  /** @returns the values from `start` to before `end`: a view of those in memory, a copy of those in a file */
  subarray(start: number, end: number): Part;
}

/** @returns all of them, in memory */
export const allValues = <Part>(values: Values<Part>): Part => values.subarray(0, values.length);

/** @returns the same after `change`, one by one: at once where they are in memory, else when they are asked for */
export function changedValues(
  values: Values<Float32Array | Int16Array>,
  change: (value: number) => number,
): Values<Float32Array> {
  const changed = (part: Float32Array | Int16Array): Float32Array => {
    const made = new Float32Array(part.length);
    for (let i = 0; i < made.length; i++) made[i] = change(part[i]);
    return made;
  };
  if (ArrayBuffer.isView(values)) return changed(values as Float32Array | Int16Array);
  return { length: values.length, subarray: (start, end) => changed(values.subarray(start, end)) };
}

/**
 * Puts values behind each other: into one array where all are in memory, else each stays where it is.
 * @param make an array of so many zeros
 */
export function joinedValues<Part extends Float32Array | Uint8Array>(
  parts: readonly Values<Part>[],
  make: (length: number) => Part,
): Values<Part> {
  const starts: number[] = [];
  let length = 0;
  for (const part of parts) {
    starts.push(length);
    length += part.length;
  }
  const copied = (start: number, end: number): Part => {
    const joined = make(end - start);
    parts.forEach((part, place) => {
      const [from, to] = [Math.max(start, starts[place]), Math.min(end, starts[place] + part.length)];
      if (from < to) joined.set(part.subarray(from - starts[place], to - starts[place]), from - start);
    });
    return joined;
  };
  // A typed array is values of itself, which its type parameter does not tell.
  if (parts.every((part) => ArrayBuffer.isView(part))) return copied(0, length) as Values<unknown> as Values<Part>;
  return {
    length,
    subarray(start, end) {
      const place = lastNotAbove(starts, start);
      const inside = parts[place];
      return end - starts[place] <= inside.length
        ? inside.subarray(start - starts[place], end - starts[place])
        : copied(start, end);
    },
  };
}

/** @param ascending numbers of which the first is not above the value @returns the place of the last that is not */
function lastNotAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ascending[middle] > value) high = middle - 1;
    else low = middle;
  }
  return low;
}
