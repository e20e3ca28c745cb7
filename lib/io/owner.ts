import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { sha256 } from "../core/hash";

/** A process, in words that another can check: who holds a lease, or writes a file. Names no host: the machine is a hash. */
export interface Owner {
  readonly token: string;
  readonly pid: number;
  /** When the process started, in the kernel's count; with the id it names one process for ever. Empty where unknown. */
  readonly started: string;
  readonly machine: string;
}

/** The process that runs this. */
export function thisProcess(): Owner {
  return {
    token: randomBytes(8).toString("hex"),
    pid: process.pid,
    started: processState(process.pid)?.started ?? "",
    machine: machineId(),
  };
}

/** What a file or folder is called after the process that made it: `<machine>-<pid>`. */
const mark = () => `${machineId().slice(0, 8)}-${process.pid}`;
const marked = /(?:^|[.-])([0-9a-f]{8})-(\d+)-/g;

/** @returns a name that tells whose it is: `<prefix><machine>-<pid>-`, to be followed by what makes it unique */
export const ownedName = (prefix: string): string => `${prefix}${mark()}-`;

/** @returns whether the process runs that made a name with `ownedName`: `undefined` when it names none, or one of another machine */
export function makerRuns(name: string): boolean | undefined {
  const [, machine, pid] = [...name.matchAll(marked)].at(-1) ?? [];
  if (machine !== machineId().slice(0, 8)) return undefined;
  return isRunning({ token: "", pid: Number(pid), started: "", machine: machineId() });
}

/** @returns whether a holder's process runs, or `undefined` when that is not to be seen from here: it belongs to another machine */
export function isRunning({ pid, started, machine }: Owner): boolean | undefined {
  if (machine !== machineId()) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = processState(pid);
  return now === undefined || (!now.ended && (started === "" || now.started === started));
}

/** The machine, its boot and the container in which process ids count. */
export function machineId(): string {
  known ??= sha256(
    [
      hostname(),
      quietly(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")),
      quietly(() => readlinkSync("/proc/self/ns/pid")),
    ].join(),
  ).slice(0, 16);
  return known;
}
let known: string | undefined;

/** Linux only: fields 3 (state; Z has ended and waits for its parent) and 22 (start) of /proc/<pid>/stat, after the name in brackets. */
function processState(pid: number): { started: string; ended: boolean } | undefined {
  const text = quietly(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields && { started: fields[19], ended: fields[0] === "Z" };
}

function quietly<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
