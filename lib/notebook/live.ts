import { randomUUID } from "node:crypto";
import { describeSeconds } from "../core/duration";
import { escapeHtml } from "../core/escape-html";
import type { VegaLiteSpec } from "../report/figure";
import { createBundle, type Bundle } from "./bundle";
import { figure } from "./figure";
import { onInterrupt } from "./on-interrupt";
import { kernelHost } from "./kernel/host";
import { send } from "./show";

/** What is drawn, and what is said. */
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
  /** What the line of text says once the user has stopped the run: what was kept, how to go on. */
  readonly whenStopped?: string;
}

/** How far the whole is, where the points alone do not tell. */
export interface Advance {
  /** What is done of the work, 0 to 1. */
  readonly share: number;
  readonly secondsLeft: number | undefined;
  /** What is going on; shown until the first point. */
  readonly doing: string;
}

/** A figure that grows while something runs. */
export interface Live<Point> {
  /** The next point; it is drawn when there is time. */
  add(point: Point): void;
  /** Moves the line of text on between points; its estimates then replace those made from the number of points. */
  advance(state: Advance): void;
  /** Draws the last state. Call it in `finally`, so that a failed run shows how far it came. */
  close(): Promise<void>;
  /** Aborted when the user presses stop: hand it to whatever runs. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two drawings, and between two lines of text when nobody is watching. */
const drawInterval = 700;
const lineInterval = 20_000;
/** The pause after a drawing, in times of what it took, and at most in milliseconds. */
const drawShare = 8;
const longestPause = 3000;

/**
 * Shows progress: in a notebook that somebody watches a figure and a line of text (done, time left, how to stop) that change in
 * place; in a headless run (IOPFL_HEADLESS=1) or outside a notebook a few lines of text and the figure at the end.
 */
export function live<Point>({
  title,
  total,
  unit = "round",
  draw,
  describe,
  whenStopped,
}: LiveOptions<Point>): Live<Point> {
  const watched = kernelHost() !== undefined && process.env.IOPFL_HEADLESS !== "1";
  const started = Date.now();
  const ids = { figure: randomUUID(), status: randomUUID() };
  const points: Point[] = [];
  const stop = new AbortController();
  const removeHook = onInterrupt(() => stop.abort());
  const shown = { status: false, figure: false, points: 0 };
  let whole: Advance | undefined;
  let nextTime = 0;
  let drawing: Promise<void> | undefined;

  const progress = (): Advance => {
    if (whole) return whole;
    const seconds = (Date.now() - started) / 1000;
    const secondsLeft = points.length > 0 ? (seconds / points.length) * (total - points.length) : undefined;
    return { share: points.length / total, secondsLeft, doing: "starting" };
  };
  const status = (ended: boolean): string => {
    const { share, secondsLeft, doing } = progress();
    const latest = points.length > 0 ? describe(points[points.length - 1]) : doing;
    const done = whole
      ? `${ended ? Math.round(100 * share) : Math.floor(100 * share)} %`
      : `${unit} ${points.length} of ${total}`;
    const took = describeSeconds((Date.now() - started) / 1000);
    const left = secondsLeft === undefined ? [] : [`about ${describeSeconds(secondsLeft)} left`];
    const hint = watched ? [stop.signal.aborted ? "stopping" : "■ stops"] : [];
    const stopped = `stopped after ${took}${whenStopped ? `: ${whenStopped}` : ""}`;
    const time = ended ? [stop.signal.aborted ? stopped : took] : [...left, ...hint];
    return `${title}: ${[done, latest, ...time].join(", ")}`;
  };
  const redraw = async (ended: boolean): Promise<void> => {
    const bundle =
      points.length > shown.points || (ended && points.length > 0) ? await figure(draw(points)) : undefined;
    shown.points = points.length;
    send(statusBundle(status(ended), progress().share), { id: ids.status, update: shown.status });
    if (bundle) send(bundle, { id: ids.figure, update: shown.figure });
    shown.figure ||= bundle !== undefined;
    shown.status = true;
  };
  const change = (urgent: boolean): void => {
    const now = Date.now();
    if (!urgent && now < nextTime) return;
    nextTime = now + (watched ? drawInterval : lineInterval);
    if (!watched) process.stdout.write(`${status(false)}\n`);
    else
      drawing ??= redraw(false).finally(() => {
        drawing = undefined;
        // Drawing many points must not take the processor from what is being watched.
        nextTime = Math.max(nextTime, Date.now() + Math.min(longestPause, drawShare * (Date.now() - now)));
      });
  };

  return {
    signal: stop.signal,
    add(point) {
      points.push(point);
      change(points.length === 1);
    },
    advance(state) {
      const first = whole === undefined;
      whole = state;
      change(first);
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

/** The line of text, with a bar where HTML is shown. */
function statusBundle(text: string, share: number): Bundle {
  const bar = `<progress max="1" value="${Math.min(1, share).toFixed(3)}" style="width: 12em; vertical-align: middle"></progress>`;
  return createBundle({ "text/html": `<div>${bar} ${escapeHtml(text)}</div>`, "text/plain": text });
}
