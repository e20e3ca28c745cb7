import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** A thread that ends what the kernel's own thread cannot: loops that never let it look, and a kernel that nobody wants any more. */
export interface Warden {
  /** The cell's own code starts, or has ended: only that may be broken off. */
  watch(running: boolean): void;
  /** The kernel's thread looks for presses by itself. */
  beat(): void;
}

/** How often the thread looks, and how long the kernel may not have looked before a press is taken for it, in milliseconds. */
const interval = 200;
const patience = 600;

const breakName = "__iopfl_break__";

/**
 * @param parent the process that started the kernel; without it the kernel ends
 * @param onBroken told soon after a loop was broken off
 */
export function startWarden(parent: number, onBroken: () => void): Warden {
  const state = new SharedArrayBuffer(8);
  const [running, beats] = [0, 1];
  const shared = new Int32Array(state);
  const breakLoop = (): void => {
    if (Atomics.load(shared, running) === 0) return;
    terminate(onBroken);
  };
  Object.defineProperty(globalThis, breakName, { value: breakLoop, enumerable: false });
  const workerData = { state, parent, breakExpression: `${breakName}()`, interval, patience };
  const worker = new Worker(join(__dirname, "warden.cjs"), { workerData, execArgv: [], env: {} });
  worker.on("error", () => undefined); // without it the kernel runs on as it did
  worker.unref();
  return {
    watch: (on) => void Atomics.store(shared, running, on ? 1 : 0),
    beat: () => void Atomics.add(shared, beats, 1),
  };
}

/** What Node keeps of asynchronous hooks. */
interface AsyncHooksState {
  clearAsyncIdStack(): void;
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kTotals: number };
}

/**
 * Ends the JavaScript that is running, as Node's debugger does, whatever it is: V8 drops the microtasks that wait and returns to the event
 * loop. What the asynchronous hooks have counted is cleared first, as Node does after an uncaught exception. But the end comes some
 * instructions later, and may find one more promise counted as running; on its way out Node would abort over that, if it knew of hooks.
 * @param onBroken told from the event loop
 */
function terminate(onBroken: () => void): void {
  const hooks = asyncHooks();
  if (!hooks) {
    writeSync(2, "this loop cannot be stopped; the kernel ends itself\n");
    process.exit(1);
  }
  const { async_hook_fields: fields, constants } = hooks;
  const session = new Session();
  session.connect();
  const inUse = fields[constants.kTotals];
  fields[constants.kTotals] = 0;
  setImmediate(() => {
    hooks.clearAsyncIdStack();
    fields[constants.kTotals] += inUse;
    onBroken();
  });
  hooks.clearAsyncIdStack();
  session.post("Runtime.terminateExecution"); // nothing of this thread runs behind it
}

function asyncHooks(): AsyncHooksState | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => Partial<AsyncHooksState> };
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    const found = binding?.("async_wrap");
    return found?.clearAsyncIdStack && found.async_hook_fields && found.constants
      ? (found as AsyncHooksState)
      : undefined;
  } catch {
    return undefined; // a Node that has closed its bindings
  } finally {
    process.noDeprecation = noDeprecation;
  }
}
