import type { BatchViews } from "../contract";

/** Every batch as `support`, the one behind it as `query`; behind the last one comes the first. */
export const pairs = (own: readonly ArrayLike<number>[]): readonly BatchViews[] =>
  own.map((support, index) => ({ support, query: own[(index + 1) % own.length] }));
