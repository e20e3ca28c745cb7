import type { Message } from "../wire";
import { currentRun, type CellRun } from "./cell-run";
import type { Executor } from "./executor";
import { cellName, faultOf, interrupted, type Fault } from "./fault";
import type { History } from "./history";
import type { StopButton } from "./stop-button";
import { stopSign } from "./stop";

type Content = Readonly<Record<string, unknown>>;

/** How long code that listens to the stop button may take to wind down before its cell is given up, in milliseconds. */
const windDownTime = 20_000;

interface Options {
  readonly executor: Executor;
  readonly button: StopButton;
  readonly history: History;
  readonly publish: (type: string, content: Content, run: CellRun) => void;
  /** How the value of a cell is shown. */
  readonly present: (value: unknown) => Content;
}

/** Takes requests to run cells, one after the other, and knows which one anything that happens belongs to. */
export interface Session {
  execute(content: Content, request: Message): Promise<Content>;
  /** The stop button was pressed. */
  stop(): void;
  /** Something that nobody waited for has thrown. */
  failInBackground(kind: string, reason: unknown): void;
  /** The cell that started what is happening now; where nobody knows, the latest. */
  owner(): CellRun | undefined;
  /** Told when the user presses stop, before the running cell is given up. */
  readonly onInterrupt: Set<() => void>;
}

export function createSession({ executor, button, history, publish, present }: Options): Session {
  const onInterrupt = new Set<() => void>();
  let count = 0;
  let latest: CellRun | undefined;

  const tellListeners = (): number => {
    const hooks = [...onInterrupt];
    onInterrupt.clear();
    for (const hook of hooks) hook();
    return hooks.length;
  };
  const owner = (): CellRun | undefined => currentRun() ?? latest;

  /** Runs the code and returns what it failed with. */
  const perform = async (run: CellRun, show: boolean): Promise<Fault | undefined> => {
    button.arm();
    const outcome = await executor.execute(run);
    // A rejection or a timer that is due now belongs to this cell.
    await new Promise((resolve) => setTimeout(resolve, 1));
    run.running = false;
    button.disarm();
    // Where stop ended the cell's script itself, what that had started has not heard of it yet.
    if (outcome.fault === interrupted) tellListeners();
    onInterrupt.clear();
    const fault = outcome.fault ?? run.background.shift();
    if (fault || outcome.fault || outcome.value === undefined || !show) return fault;
    try {
      publish("execute_result", { execution_count: count, ...present(outcome.value) }, run);
    } catch (error) {
      return faultOf(error, run.cell);
    }
    return undefined;
  };
  /** The values that the front end asks for after a cell has run. */
  const evaluate = async (expressions: unknown, request: Message): Promise<Content> => {
    const answers: Record<string, Content> = {};
    for (const [name, code] of Object.entries((expressions ?? {}) as Record<string, unknown>)) {
      const run = createRun(cellName(), String(code), request);
      const outcome = await executor.execute(run);
      run.running = false;
      answers[name] = outcome.fault ? { status: "error", ...outcome.fault } : shown(outcome.value, run);
    }
    return answers;
  };
  const shown = (value: unknown, run: CellRun): Content => {
    try {
      return { status: "ok", ...present(value) };
    } catch (error) {
      return { status: "error", ...faultOf(error, run.cell) };
    }
  };

  return {
    onInterrupt,
    owner,
    async execute({ code: given, silent, store_history: stores, user_expressions: expressions }, request) {
      const code = String(given);
      const show = silent !== true;
      const counted = show && stores !== false;
      if (counted) history.add(++count, code);
      const run = createRun(cellName(counted ? count : undefined), code, request);
      latest = run;
      if (show) publish("execute_input", { code, execution_count: count }, run);
      const fault = await perform(run, show);
      if (fault) {
        publish("error", { ...fault }, run);
        return { status: "error", execution_count: count, ...fault };
      }
      const values = await evaluate(expressions, request);
      return { status: "ok", execution_count: count, user_expressions: values, payload: [] };
    },
    stop() {
      const run = latest;
      if (!run?.running) return;
      if (tellListeners() === 0) executor.giveUp();
      else setTimeout(() => run.running && executor.giveUp(), windDownTime).unref();
    },
    failInBackground(kind, reason) {
      const run = owner();
      if (reason === stopSign || !run) return; // what a stopped cell had started without waiting for it
      const fault = faultOf(reason, run.cell);
      const where = run.running ? "" : ` (left behind by ${run.cell.name})`;
      const told = { ...fault, traceback: [`${kind}${where}`, ...fault.traceback] };
      if (!run.running) return publish("error", told, run);
      run.background.push(told);
      publish("stream", { name: "stderr", text: `${kind}: ${fault.traceback.join("\n")}\n` }, run);
    },
  };
}

function createRun(name: string, code: string, request: Message): CellRun {
  return { cell: { name, code }, request, stopped: false, running: true, background: [], printed: 0 };
}
