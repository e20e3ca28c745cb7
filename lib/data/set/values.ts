/** Values one behind the other, in memory or in a file. A typed array is such. */
export interface Values<Part> {
  readonly length: number;
  /** @returns the values from `start` to before `end`: a view of those in memory, a copy of those in a file */
  subarray(start: number, end: number): Part;
  /** Of those that change on their way out of a file: see `spreadValues`. */
  spread?(start: number, end: number, to: Float32Array, first: number, step: number): void;
}

/** Writes some values into every so-many-th place of an array, from one of its places on. */
export function spreadValues(
  values: Values<Float32Array>,
  start: number,
  end: number,
  to: Float32Array,
  first: number,
  step: number,
): void {
  if (values.spread) return values.spread(start, end, to, first, step);
  const part = values.subarray(start, end);
  for (let i = 0; i < part.length; i++) to[first + i * step] = part[i];
}

/** @returns all of them, in memory */
export const allValues = <Part>(values: Values<Part>): Part => values.subarray(0, values.length);

/** What becomes of a value: `(value - minus) / over - less`. */
export interface Change {
  readonly minus: number;
  readonly over: number;
  readonly less?: number;
}

/** @returns the values after a change, in float64 rounded to float32: at once where they are in memory, else when they are asked for */
export function changedValues(
  values: Values<Float32Array | Int16Array>,
  { minus, over, less = 0 }: Change,
): Values<Float32Array> {
  const changed = (part: Float32Array | Int16Array): Float32Array => {
    const made = new Float32Array(part.length);
    for (let i = 0; i < made.length; i++) made[i] = (part[i] - minus) / over - less;
    return made;
  };
  if (ArrayBuffer.isView(values)) return changed(values as Float32Array | Int16Array);
  return {
    length: values.length,
    subarray: (start, end) => changed(values.subarray(start, end)),
    spread(start, end, to, first, step) {
      const part = values.subarray(start, end);
      for (let i = 0; i < part.length; i++) to[first + i * step] = (part[i] - minus) / over - less;
    },
  };
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
      const from = starts[place];
      return end - from <= parts[place].length ? parts[place].subarray(start - from, end - from) : copied(start, end);
    },
    spread(start, end, to, first, step) {
      const place = lastNotAbove(starts, start);
      const [part, from] = [parts[place] as Values<Float32Array>, starts[place]];
      if (end - from > part.length) throw new RangeError(`values ${start} to ${end} lie in several parts`);
      spreadValues(part, start - from, end - from, to, first, step);
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
