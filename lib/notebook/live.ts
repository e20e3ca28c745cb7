import { randomUUID } from "node:crypto";
import type { VegaLiteSpec } from "../report/figure";
import { createBundle } from "./bundle";
import { figure } from "./figure";
import { onInterrupt } from "./on-interrupt";
import { kernelHost } from "./kernel/host";
import { send } from "./show";

export interface LiveOptions<Point> {
  readonly title: string;
  /** How many points there will be. */
  readonly total: number;
  /** What one point is: `round`, `epoch`, `case`. */
  readonly unit?: string;
  /** The figure of the points so far. */
  draw(points: readonly Point[]): VegaLiteSpec;
  /** What the line of text says about the latest point: `mean Dice 0.81, 3.1 MB sent`. */
  describe(point: Point): string;
}

/** A figure that grows while something runs. */
export interface Live<Point> {
  add(point: Point): void;
  /** Draws the last state. Call it in `finally`, so that a failed run shows how far it came. */
  close(): Promise<void>;
  /** Aborted when the user presses stop: hand it to whatever runs. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two drawings, and between two lines of text when nobody is watching. */
const drawInterval = 700;
const lineInterval = 20_000;

/**
 * Shows progress: in a notebook that somebody watches a figure and a line of text (done, time left, how to stop) that change in
 * place; in a headless run (IOPFL_HEADLESS=1) or outside a notebook a few lines of text and the figure at the end.
 */
export function live<Point>({ title, total, unit = "round", draw, describe }: LiveOptions<Point>): Live<Point> {
  const watched = kernelHost() !== undefined && process.env.IOPFL_HEADLESS !== "1";
  const started = Date.now();
  const ids = { figure: randomUUID(), status: randomUUID() };
  const points: Point[] = [];
  const stop = new AbortController();
  const removeHook = onInterrupt(() => stop.abort());
  let lastShown = 0;
  let statusShown = false;
  let figureShown = false;
  let drawing: Promise<void> | undefined;

  const status = (ended: boolean): string => {
    const seconds = (Date.now() - started) / 1000;
    const left = points.length > 0 ? (seconds / points.length) * (total - points.length) : undefined;
    const latest = points.length > 0 ? `, ${describe(points[points.length - 1])}` : "";
    const stopped = stop.signal.aborted ? ", stopping" : ", ■ stops";
    const time = ended
      ? `, ${duration(seconds)}`
      : left === undefined
        ? ""
        : `, about ${duration(left)} left${watched ? stopped : ""}`;
    return `${title}: ${unit} ${points.length} of ${total}${latest}${time}`;
  };
  const redraw = async (ended: boolean): Promise<void> => {
    const text = status(ended);
    const bundle = points.length > 0 ? await figure(draw(points)) : undefined;
    send(createBundle({ "text/plain": text }), { id: ids.status, update: statusShown });
    if (bundle) send(bundle, { id: ids.figure, update: figureShown });
    figureShown ||= bundle !== undefined;
    statusShown = true;
  };
  const change = (): void => {
    const now = Date.now();
    const due = watched ? drawInterval : lineInterval;
    if (points.length > 1 && now - lastShown < due) return;
    lastShown = now;
    if (!watched) process.stdout.write(`${status(false)}\n`);
    else drawing ??= redraw(false).finally(() => (drawing = undefined));
  };

  return {
    signal: stop.signal,
    add(point) {
      points.push(point);
      change();
    },
    async close() {
      removeHook();
      await drawing;
      if (watched) return redraw(true);
      process.stdout.write(`${status(true)}\n`);
      if (points.length > 0) send(await figure(draw(points)));
    },
  };
}

/** @returns `41 s`, `3 min 20 s`, `2 h 5 min` */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
