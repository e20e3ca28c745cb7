/** @returns the index in a line of `length` pixels that is meant by one beyond its ends: mirrored, with the edge repeated, any number of times */
export function mirrored(index: number, length: number): number {
  const place = ((index % (2 * length)) + 2 * length) % (2 * length);
  return place < length ? place : 2 * length - 1 - place;
}
