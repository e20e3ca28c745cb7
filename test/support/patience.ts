import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a process that does nothing takes on a quiet machine, in milliseconds: the unit that this machine is measured in. */
const quiet = 45;

/**
 * How long to wait before something counts as hung. No test fails for being slow: limits are several times what was seen on a quiet
 * machine, and grow with how long this one takes right now for what takes no work.
 * @param seconds that are plenty on a quiet machine @returns whole seconds: a child's time limit takes no parts of a millisecond
 */
export function patience(seconds: number): number {
  const started = performance.now();
  spawnSync(process.execPath, ["-e", ""]);
  const slowness = (performance.now() - started) / quiet;
  return Math.ceil(5 * seconds * Math.max(1, slowness));
}

/**
 * Waits until something holds, as long as `patience` allows.
 * @param seconds that are plenty on a quiet machine @returns whether it came to hold
 */
export async function comesTrue(holds: () => boolean | Promise<boolean>, seconds: number): Promise<boolean> {
  for (const deadline = Date.now() + 1000 * patience(seconds); Date.now() < deadline; await sleep(50))
    if (await holds()) return true;
  return holds();
}
