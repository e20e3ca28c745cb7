import type { EventEmitter } from "node:events";

/** Node's own catcher of SIGINT, which its REPL uses: what `vm`'s `breakOnSigint` starts for one script, kept for as long as the kernel lives. */
interface SignalCatcher {
  startSigintWatchdog(): void;
  /** @returns whether SIGINT came while no script was running; then it is forgotten */
  stopSigintWatchdog(): boolean;
}

/** How often a running cell is asked whether stop was pressed, in milliseconds. */
const pollInterval = 40;

/** Knows of presses of the stop button while a cell runs. */
export interface StopButton {
  /** A cell starts: what was pressed before is not meant for it. */
  arm(): void;
  /** Whether stop was pressed since; asked before a script runs, whose end would forget it. */
  pressed(): boolean;
  disarm(): void;
}

/**
 * Listens to SIGINT. With a listener alone, the signal changes hands twice whenever a script runs with `breakOnSigint`, and in those
 * microseconds nobody holds it: of presses aimed at the end of a cell's synchronous part a quarter were lost and some ended the process.
 * Here it stays in one hand: a press ends the script that is running (`ERR_SCRIPT_EXECUTION_INTERRUPTED`) or else reaches the listeners of
 * SIGINT soon after, `onPress` and those that cells have added among them.
 * @param onLook told each time the running cell lets the kernel look
 */
export function createStopButton(onPress: () => void, onLook: () => void): StopButton {
  process.on("SIGINT", onPress);
  const catcher = findCatcher();
  if (!catcher) return { arm: () => undefined, pressed: () => false, disarm: () => undefined };
  keepFromNode();
  catcher.startSigintWatchdog();
  // A second start is only counted; the stop after it takes what has come and leaves the first one running.
  const pressed = (): boolean => {
    catcher.startSigintWatchdog();
    return catcher.stopSigintWatchdog();
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    pressed,
    arm() {
      pressed();
      timer = setInterval(() => {
        onLook();
        if (pressed()) process.emit("SIGINT", "SIGINT");
      }, pollInterval);
    },
    disarm: () => clearInterval(timer),
  };
}

function findCatcher(): SignalCatcher | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => Partial<SignalCatcher> };
  try {
    const { startSigintWatchdog, stopSigintWatchdog } = binding?.("contextify") ?? {};
    return startSigintWatchdog && stopSigintWatchdog ? { startSigintWatchdog, stopSigintWatchdog } : undefined;
  } catch {
    return undefined; // a Node that has closed its bindings: the listener alone then
  }
}

/** A listener to SIGINT must not make Node take the signal itself, now or when a cell adds one. */
function keepFromNode(): void {
  const emitter: EventEmitter = process;
  for (const event of ["newListener", "removeListener"]) {
    for (const listener of emitter.listeners(event)) {
      emitter.off(event, listener as () => void);
      emitter.on(event, (...about: unknown[]) => about[0] === "SIGINT" || Reflect.apply(listener, process, about));
    }
  }
}
