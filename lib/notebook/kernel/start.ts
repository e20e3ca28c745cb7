import type { Message } from "../wire";
import type { TypedMatch } from "./completion-kinds";
import { createExecutor, cellNameOf, type Executor } from "./executor";
import { faultOf, interrupted, type Fault } from "./fault";
import { provideHost } from "./host";
import type { Loader } from "./loader";
import { captureOutputs } from "./outputs";
import { toCharacters, toUnits } from "./positions";
import { startServer, type Server } from "./server";
import { mapStacks } from "./source-maps";
import { stopSign } from "./stop";
import { createStopButton } from "./stop-button";
import { loadConverter } from "./tslab";
import { takeOverWatching } from "./watched-files";

type Content = Readonly<Record<string, unknown>>;
type Tools = { isCompleteCode(code: string): { completed: boolean; indent?: string } } & {
  printQuickInfo(info: unknown): string;
};

/** How long code that listens to the stop button may take to wind down before its cell is given up, in milliseconds. */
const windDownTime = 20_000;

interface Options {
  readonly root: string;
  readonly cellFolder: string;
  readonly loader: Loader;
  readonly connectionFile: string;
}

/** Starts the kernel process: compiler first, then the sockets, so that an answer means ready. */
export async function startKernel({ root, cellFolder, loader, connectionFile }: Options): Promise<void> {
  const { typescript } = loader;
  const { Created, Changed, Deleted } = typescript.FileWatcherEventKind;
  const watched = takeOverWatching(typescript.sys, { created: Created, changed: Changed, deleted: Deleted });
  const createConverter = loadConverter(root, cellFolder);
  const tools = { ...require("tslab/dist/converter"), ...require("tslab/dist/inspect") } as Tools;
  mapStacks(root, cellNameOf);
  const executor = createExecutor({
    cellFolder,
    loader,
    createConverter,
    beforeCell: () => watched.poll(),
    stoppedEarly: () => button.pressed(),
  });

  let server: Server | undefined = undefined;
  let parent: Message | undefined;
  let count = 0;
  let cell = { count, code: "" };
  let running = false;
  const background: Fault[] = [];
  const onInterrupt = new Set<() => void>();
  const publish = (type: string, content: Content): void =>
    (server as Server | undefined)?.publish(type, content, parent);

  const stop = (): void => {
    if (!running) return;
    if (tellListeners() === 0) executor.interrupt();
    else giveUpLater(cell);
  };
  const tellListeners = (): number => {
    const hooks = [...onInterrupt];
    onInterrupt.clear();
    for (const hook of hooks) hook();
    return hooks.length;
  };
  const giveUpLater = (winding: typeof cell): void => {
    const giveUp = () => running && cell === winding && executor.interrupt();
    setTimeout(giveUp, windDownTime).unref();
  };
  const failInBackground = (kind: string) => (reason: unknown) => {
    if (reason === stopSign) return; // what a stopped cell had started without waiting for it
    const fault = faultOf(reason, cell);
    const where = running ? "" : ` (left behind by cell [${cell.count}])`;
    background.push({ ...fault, traceback: [`${kind}${where}`, ...fault.traceback] });
    if (!running) publish("error", { ...background[background.length - 1] });
    else publish("stream", { name: "stderr", text: `${kind}: ${fault.traceback.join("\n")}\n` });
  };

  const execute = async (content: Content, request: Message): Promise<Content> => {
    const code = String(content.code);
    parent = request;
    if (content.silent !== true) count++;
    cell = { count, code };
    if (content.silent !== true) publish("execute_input", { code, execution_count: count });
    const earlier = background.splice(0);
    running = true;
    button.arm();
    const outcome = await executor.execute(cell);
    // A rejection or a timer that is due now belongs to this cell.
    await new Promise((resolve) => setTimeout(resolve, 1));
    running = false;
    button.disarm();
    // Where stop ended the cell's script itself, what that had started has not heard of it yet.
    if (outcome.fault === interrupted) tellListeners();
    onInterrupt.clear();
    const fault = outcome.fault ?? background.shift() ?? earlier[0];
    if (fault) {
      publish("error", { ...fault });
      return { status: "error", execution_count: count, ...fault };
    }
    if (!outcome.fault && outcome.value !== undefined && content.silent !== true) {
      const { present } = require("../present") as typeof import("../present");
      publish("execute_result", { execution_count: count, ...present(outcome.value) });
    }
    return { status: "ok", execution_count: count, user_expressions: {}, payload: [] };
  };

  captureOutputs((name, text) => publish("stream", { name, text }));
  provideHost({
    onInterrupt,
    display: (data, metadata, { id, update = false } = {}) =>
      publish(update ? "update_display_data" : "display_data", {
        data,
        metadata,
        transient: id ? { display_id: id } : {},
      }),
  });
  serveTslabDisplay(publish);
  const button = createStopButton(stop);
  process.on("uncaughtException", failInBackground("UncaughtException"));
  process.on("unhandledRejection", failInBackground("UnhandledPromiseRejection"));
  exitWithParent();
  server = await startServer(connectionFile, {
    answer: answers(executor, tools, typescript.version),
    execute,
    interrupt: stop,
    shutdown: () => setTimeout(() => process.exit(0), 50),
  });
}

/** The requests that need no cell to run. */
function answers(executor: Executor, tools: Tools, version: string): Record<string, (content: Content) => Content> {
  const language = { name: "typescript", version, mimetype: "text/typescript", file_extension: ".ts" };
  const mode = { mode: "typescript", name: "javascript", typescript: true };
  return {
    kernel_info_request: () => ({
      status: "ok",
      protocol_version: "5.3",
      implementation: "iop-fl",
      implementation_version: "1.0.0",
      language_info: { ...language, codemirror_mode: mode },
      banner: `TypeScript ${version} (IOP-FL Workbench)`,
    }),
    is_complete_request({ code }) {
      const { completed, indent } = tools.isCompleteCode(String(code));
      return completed ? { status: "complete" } : { status: "incomplete", indent: indent ?? "" };
    },
    complete_request({ code, cursor_pos: cursor }) {
      const text = String(code);
      const completion = executor.complete(text, toUnits(text, Number(cursor)));
      const { candidates } = completion;
      const [start, end] = [completion.start, completion.end].map((place) => toCharacters(text, place));
      const typed = executor
        .kindsOf(completion)
        .map((type, index): TypedMatch => ({ text: candidates[index], type, start, end }));
      return {
        status: "ok",
        matches: candidates,
        metadata: { _jupyter_types_experimental: typed },
        cursor_start: start,
        cursor_end: end,
      };
    },
    inspect_request({ code, cursor_pos: cursor }) {
      const text = String(code);
      const info = executor.inspect(text, toUnits(text, Number(cursor)));
      return {
        status: "ok",
        found: Boolean(info),
        metadata: {},
        data: info ? { "text/plain": tools.printQuickInfo(info) } : {},
      };
    },
    comm_info_request: () => ({ status: "ok", comms: {} }),
    history_request: () => ({ status: "ok", history: [] }),
  };
}

/** `import { display } from "tslab"` goes on working. */
function serveTslabDisplay(publish: (type: string, content: Content) => void): void {
  const jupyter = require("tslab/dist/jupyter") as { lastWriteDisplayData: (data: Content, update: boolean) => void };
  jupyter.lastWriteDisplayData = (data, update) => publish(update ? "update_display_data" : "display_data", data);
}

/** A kernel whose server has died would stay for ever. */
function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 2000).unref();
}
