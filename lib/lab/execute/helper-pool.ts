import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Interrupted } from "../../core/errors";
import type { ClientWork, Executor, WorkHooks } from "../../federation/client/client-work";
import type { HelperSpent, Outcome, WorkMessage } from "./messages";
import { helperFolderPrefix } from "../locks/leftovers";
import { readTrained, writeWork } from "./work-files";
import type { WorkerProcess } from "./worker-process";

/** Helper processes that take over clients of a federation which runs in this process. */
export interface HelperPool {
  /** Sets how many helpers there may be. They are started, or ended, when executors are next asked for. */
  allow(count: number): void;
  /** @returns the helpers that are ready. What one of them leaves undone, `task.own` does */
  executors(task: HelperTask): readonly Executor[];
  /** Waits until as many helpers as are allowed are ready, or cannot be had. */
  ready(): Promise<void>;
  /** @returns the most memory that each helper has had, added up */
  peakMegabytes(): number;
  /** Ends the helpers and removes their files. */
  close(): void;
}

export interface HelperTask {
  readonly own: Executor;
  /** @returns what a helper is sent so that it does the work in a file */
  readonly message: (file: string) => WorkMessage<unknown>;
  readonly onSpent?: (cpuSeconds: number) => void;
}

interface HelperPoolOptions {
  /** @param exchange a folder, which the helper removes when this process is killed */
  readonly start: (exchange: string) => Promise<WorkerProcess>;
  readonly warn: (message: string) => void;
}

/** A helper has its next piece of work at hand while this process is too busy to give it one. */
const depth = 2;

interface Helper extends WorkerProcess {
  readonly exchange: string;
}

export function openHelperPool({ start, warn }: HelperPoolOptions): HelperPool {
  const helpers: Helper[] = [];
  const starting = new Set<Promise<void>>();
  /** Also of helpers that are still starting. */
  const exchanges = new Set<string>();
  const peaks = new Map<Helper, number>();
  let [allowed, lost, sent] = [0, 0, 0];

  const remove = (exchange: string): void => {
    rmSync(exchange, { recursive: true, force: true });
    exchanges.delete(exchange);
  };
  const end = (helper: Helper): void => {
    helper.stop();
    remove(helper.exchange);
  };
  const grow = (): void => {
    const exchange = mkdtempSync(helperFolderPrefix());
    exchanges.add(exchange);
    const begun: Promise<void> = start(exchange)
      .then(
        (process) => {
          const helper = { ...process, exchange };
          if (helpers.length < allowed - lost) helpers.push(helper);
          else end(helper);
        },
        (error: Error) => {
          lost++;
          remove(exchange);
          if (!(error instanceof Interrupted)) warn(`no helper process: ${error.message}`);
        },
      )
      .finally(() => starting.delete(begun));
    starting.add(begun);
  };
  const drop = (helper: Helper, why: string): void => {
    const index = helpers.indexOf(helper);
    if (index < 0) return;
    helpers.splice(index, 1);
    end(helper);
    lost++;
    warn(`a helper process is given up: ${why}; its clients are taken over`);
  };
  const resize = (): void => {
    const wanted = Math.max(0, allowed - lost);
    for (const helper of helpers.splice(wanted)) end(helper);
    while (helpers.length + starting.size < wanted) grow();
  };

  /** Sends a piece of work. @returns how it ended, and its file, or `undefined` when it is to be done here */
  const ask = async (
    helper: Helper,
    { message }: HelperTask,
    work: ClientWork,
    { onBatch }: WorkHooks,
  ): Promise<{ outcome: Outcome; file: string } | undefined> => {
    const file = join(helper.exchange, `${++sent}.safetensors`);
    try {
      writeWork(file, work);
    } catch (error) {
      drop(helper, (error as Error).message);
      return undefined;
    }
    const outcome = await helper.run(message(file), (event) => event.type === "batch" && onBatch?.());
    if (outcome.type !== "failed") return { outcome, file };
    if (outcome.interrupted) throw new Interrupted("a client's part of a round");
    drop(helper, outcome.message.split("\n")[0]);
    return undefined;
  };
  const executorOf = (helper: Helper, task: HelperTask): Executor => {
    const count = ({ cpuSeconds, peakMegabytes }: HelperSpent): void => {
      peaks.set(helper, peakMegabytes);
      task.onSpent?.(cpuSeconds);
    };
    return {
      depth,
      async train(work, hooks) {
        const done = await ask(helper, task, work, hooks);
        if (done?.outcome.type !== "trained") return task.own.train(work, hooks);
        count(done.outcome.spent);
        const training = readTrained(done.file);
        rmSync(done.file, { force: true });
        return training;
      },
      async evaluate(work, hooks) {
        const done = await ask(helper, task, work, hooks);
        if (done?.outcome.type !== "evaluated") return task.own.evaluate(work, hooks);
        count(done.outcome.spent);
        rmSync(done.file, { force: true });
        return done.outcome.evaluation;
      },
    };
  };
  return {
    allow: (count) => void (allowed = count),
    executors(task) {
      resize();
      return helpers.map((helper) => executorOf(helper, task));
    },
    async ready() {
      resize();
      await Promise.all(starting);
    },
    peakMegabytes: () => [...peaks.values()].reduce((sum, peak) => sum + peak, 0),
    close() {
      allowed = 0;
      resize();
      exchanges.forEach(remove);
    },
  };
}
