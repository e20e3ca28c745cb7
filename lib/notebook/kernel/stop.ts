import { currentRun } from "./cell-run";

/** What the awaits of a stopped cell throw. */
export const stopSign = new Error("stopped by the user");

/** How long a cell may go on without leaving the queue of microtasks, in milliseconds; until then no message, timer or signal is seen. */
const longestTurn = 20;
let turnStarted = performance.now();

/**
 * What every `await` of a cell goes through. JavaScript cannot cancel an asynchronous function: without this, a loop of a cell that
 * was stopped would go on in the background for ever. And a loop that awaits what is at hand never lets anything else run.
 */
export async function guard(value: unknown): Promise<unknown> {
  try {
    return await value;
  } finally {
    await leaveTurn();
  }
}

/** What every `for await` of a cell goes through: the same values, with a look at the stop button after each. */
export function each(values: Partial<AsyncIterable<unknown> & Iterable<unknown>>): AsyncIterableIterator<unknown> {
  const asynchronous = values[Symbol.asyncIterator]?.();
  const iterator = (asynchronous ?? (values as Iterable<unknown>)[Symbol.iterator]()) as AsyncIterator<unknown>;
  const looked = async (step: Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
    const result = await step;
    await leaveTurn();
    return asynchronous ? result : { ...result, value: await (result.value as unknown) };
  };
  const guarded: AsyncIterableIterator<unknown> = {
    next: (...sent: unknown[]) => looked(Reflect.apply(iterator.next, iterator, sent)),
    [Symbol.asyncIterator]: () => guarded,
  };
  for (const name of ["return", "throw"] as const) {
    const method = iterator[name];
    if (method) guarded[name] = async (sent?: unknown) => await method.call(iterator, sent);
  }
  return guarded;
}

async function leaveTurn(): Promise<void> {
  leaveIfStopped();
  if (performance.now() - turnStarted < longestTurn) return;
  await new Promise((resolve) => setImmediate(resolve));
  turnStarted = performance.now();
  leaveIfStopped();
}

function leaveIfStopped(): void {
  if (currentRun()?.stopped) throw stopSign;
}
