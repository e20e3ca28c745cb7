type Content = Readonly<Record<string, unknown>>;

/** By version: takes content of that version to the next one's. */
export type Steps = Readonly<Record<number, (older: Content) => Content>>;

/** Of manifests, by `release`; the first form has none before it. */
export const manifestSteps: Steps = {};

/** Of released records, by `schema`; none of a version before 2 was released: test/fixtures/releases/README.md. */
export const recordSteps: Steps = {};

/** @returns content as today's version has it, where steps lead there; otherwise as it is, for its schema to refuse */
export function migrated(content: Content, version: string, steps: Steps): Content {
  let current = content;
  for (let step = stepOf(current); step; step = stepOf(current)) current = step(current);
  return current;

  function stepOf(of: Content) {
    const key = String(of[version]);
    return Object.hasOwn(steps, key) ? steps[Number(key)] : undefined;
  }
}
