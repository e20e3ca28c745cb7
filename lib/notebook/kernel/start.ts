import { createAnswers, type TslabTools } from "./answers";
import { createCellRequire } from "./cell-require";
import type { CellRun } from "./cell-run";
import { captureChildOutput } from "./child-output";
import { readConnection } from "./connection";
import { readDeclarationsOnly } from "./declared-only";
import { createExecutor } from "./executor";
import { isCellName } from "./fault";
import { createHistory } from "./history";
import { provideHost, type KernelHost } from "./host";
import type { Loader } from "./loader";
import { refuseStdin } from "./no-stdin";
import { captureOutputs } from "./outputs";
import { startServer, type Server } from "./server";
import { createSession } from "./session";
import { mapStacks } from "./source-maps";
import { createStopButton } from "./stop-button";
import { createStreams } from "./streams";
import { loadConverter } from "./tslab";
import { startWarden } from "./warden";
import { takeOverWatching } from "./watched-files";

type Content = Readonly<Record<string, unknown>>;

/** Bytes that may wait to be sent before a further figure is refused: a loop that never awaits would fill the memory. */
const mostWaiting = 256e6;

interface Options {
  readonly root: string;
  readonly cellFolder: string;
  readonly loader: Loader;
  readonly connectionFile: string;
  /** The process that wants the kernel. */
  readonly parent: number;
}

/**
 * Starts the kernel process: compiler first, then the sockets, so that an answer means ready.
 * @throws Error when the connection cannot be had
 */
export async function startKernel({ root, cellFolder, loader, connectionFile, parent }: Options): Promise<void> {
  const connection = readConnection(connectionFile);
  const { typescript } = loader;
  const { Created, Changed, Deleted } = typescript.FileWatcherEventKind;
  const watched = takeOverWatching(typescript.sys, { created: Created, changed: Changed, deleted: Deleted });
  readDeclarationsOnly(typescript, root);
  const createConverter = loadConverter(root, cellFolder);
  const tools = { ...require("tslab/dist/converter"), ...require("tslab/dist/inspect") } as TslabTools;
  mapStacks(root, isCellName);

  let server: Server | undefined = undefined;
  const streams = createStreams((run, name, text) =>
    (server as Server | undefined)?.publish("stream", { name, text }, run?.request),
  );
  const publish = (type: string, content: Content, run: CellRun | undefined, replaces?: string): void => {
    streams.flush();
    (server as Server | undefined)?.publish(type, content, run?.request, replaces);
  };
  const warden = startWarden(parent, () => session.stop());
  const button = createStopButton(() => session.stop(), warden.beat);
  const executor = createExecutor({
    loader,
    cellRequire: createCellRequire(cellFolder),
    createConverter,
    beforeCell: () => watched.poll(),
    stoppedEarly: () => button.pressed(),
    afterImport: checkTypesOfLibrary,
    whileRunning: warden.watch,
  });
  const history = createHistory();
  // The library is loaded when it is first needed, and afresh when it was edited.
  const present = (value: unknown) => ({ ...(require("../present") as typeof import("../present")).present(value) });
  const session = createSession({ executor, button, history, publish, present });
  const { owner } = session;
  const namesAt = (before: string) => (require("../names-at") as typeof import("../names-at")).namesAt(before);

  captureOutputs((name, text) => streams.write(owner(), name, text));
  captureChildOutput();
  refuseStdin((error) => (owner()?.running ? executor.giveUp(error) : session.failInBackground("Error", error)));
  const display = displayOf((type, content, name) => {
    if (server && server.waitingBytes() > mostWaiting)
      throw new RangeError(
        `more than ${mostWaiting / 1e6} MB of figures wait to be sent: await something between them`,
      );
    publish(type, content, owner(), name);
  });
  provideHost({ onInterrupt: session.onInterrupt, display });
  serveTslabDisplay((type, content) => publish(type, content, owner()));
  process.on("uncaughtException", (reason) => session.failInBackground("UncaughtException", reason));
  process.on("unhandledRejection", (reason) => session.failInBackground("UnhandledPromiseRejection", reason));
  server = await startServer(connection, {
    answer: createAnswers({ typescript, executor, tools, history, namesAt }),
    execute: session.execute,
    interrupt: session.stop,
    shutdown: () => setTimeout(() => process.exit(0), 50),
    flush: streams.flush,
  });
}

/** In the background; where nobody watches, only what trains has to wait for it. */
function checkTypesOfLibrary(): void {
  if (process.env.IOPFL_HEADLESS === "1") return;
  void (require("../types/tell-types") as typeof import("../types/tell-types")).tellTypes();
}

function displayOf(publish: (type: string, content: Content, name?: string) => void): KernelHost["display"] {
  return (data, metadata, { id, update = false } = {}) => {
    const content = { data, metadata, transient: id ? { display_id: id } : {} };
    // Of a figure that changes in place only the last state counts.
    publish(update ? "update_display_data" : "display_data", content, update ? id : undefined);
  };
}

/** `import { display } from "tslab"` goes on working. */
function serveTslabDisplay(publish: (type: string, content: Content) => void): void {
  const jupyter = require("tslab/dist/jupyter") as { lastWriteDisplayData: (data: Content, update: boolean) => void };
  jupyter.lastWriteDisplayData = (data, update) => publish(update ? "update_display_data" : "display_data", data);
}
