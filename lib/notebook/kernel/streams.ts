import type { CellRun } from "./cell-run";

type Name = "stdout" | "stderr";

/** What cells print, on its way to the front end: what is printed together travels together. */
export interface Streams {
  write(run: CellRun | undefined, name: Name, text: string): void;
  /** Sends what waits, so that it stands before what is sent next. */
  flush(): void;
}

/** How long a text may wait for more, in milliseconds; and how many may leave at once before that, as after a pause. */
const longestWait = 50;
const atOnce = 4;
/** Characters of one message. */
const messageSize = 100_000;
/** Characters that one cell may print: a notebook with more can neither be opened nor saved. */
export const mostPrinted = 8_000_000;

/**
 * Collects what is printed. A text after a pause leaves at once, also from inside a loop that never lets anything else run; what
 * follows it closely waits for its kind. (A message a line took 40 s for 20,000 lines, and froze the page.)
 */
export function createStreams(send: (run: CellRun | undefined, name: Name, text: string) => void): Streams {
  let waiting: { run: CellRun | undefined; name: Name; texts: string[]; size: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastSent = 0;
  let credit = atOnce;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const ready = waiting;
    waiting = undefined;
    lastSent = performance.now();
    if (ready) send(ready.run, ready.name, ready.texts.join(""));
  };
  const mayLeave = (): boolean => {
    if (performance.now() - lastSent > longestWait) {
      credit = atOnce - 1;
      return true;
    }
    return credit-- > 0;
  };
  return {
    flush: () => waiting && flush(),
    write(run, name, written) {
      const text = run ? within(run, written) : written;
      if (text === "") return;
      if (waiting && (waiting.run !== run || waiting.name !== name)) flush();
      waiting ??= { run, name, texts: [], size: 0 };
      waiting.texts.push(text);
      waiting.size += text.length;
      if (waiting.size > messageSize || mayLeave()) flush();
      else timer ??= setTimeout(flush, longestWait);
    },
  };
}

/** @returns what of a text the cell may still print, and a last word where that is not all */
function within(run: CellRun, text: string): string {
  const left = mostPrinted - run.printed;
  run.printed += text.length;
  if (text.length <= left) return text;
  return left < 0
    ? ""
    : `${text.slice(0, left)}\n[cut here: a cell shows at most ${mostPrinted / 1e6} million characters]\n`;
}
