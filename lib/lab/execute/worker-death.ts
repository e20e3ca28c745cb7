import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Outcome } from "./messages";

/** What Node.js, C++ and WebAssembly write last when there is no memory left. */
const noMemory = /heap out of memory|std::bad_alloc|Cannot allocate memory|Aborted\(OOM\)/;

/**
 * What the end of a process was, as far as can be seen: systems that run out of memory kill by SIGKILL, and say so to nobody.
 * @param how its signal or exit code @param last what it wrote at the end
 */
export function describeDeath(how: string, last: string): Omit<Extract<Outcome, { type: "failed" }>, "interrupted"> {
  if (how === "SIGKILL")
    return { type: "failed", died: "memory", message: "the worker process was killed, probably for memory" };
  if (noMemory.test(last))
    return { type: "failed", died: "memory", message: `the worker process ended for want of memory (${how})` };
  return { type: "failed", died: "other", message: `the worker process ended (${how})${last ? `: ${last}` : ""}` };
}

/** How often a process is looked at, in milliseconds: once it has died, nothing can be asked of it. */
const often = 250;

/** @returns a function that tells the most megabytes that a process has been seen with, where the system tells (proc(5), VmHWM) */
export function watchPeak(child: ChildProcess): () => number | undefined {
  let most = 0;
  const look = setInterval(() => {
    try {
      const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
      most = Math.max(most, Number(kilobytes ?? 0) / 1024);
    } catch {
      clearInterval(look); // Another system, or it has just ended.
    }
  }, often).unref();
  child.once("exit", () => clearInterval(look));
  return () => (most > 0 ? Math.round(most) : undefined);
}
