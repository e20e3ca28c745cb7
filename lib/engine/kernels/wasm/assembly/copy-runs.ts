import { bytesOf } from "./vectors";

/** From here on memory.copy is worth its call. */
const long: usize = 512;

/**
 * Copies runs of 4-byte numbers from places at one distance to places at another.
 * @param floats the length of a run
 * @param sourceStep, targetStep numbers from the beginning of a run to that of the next
 */
export function copyRuns(source: usize, target: usize, runs: i32, floats: i32, sourceStep: i32, targetStep: i32): void {
  const bytes = bytesOf(floats);
  const whole = bytes & ~15;
  for (let run = 0; run < runs; run++) {
    if (bytes >= long) {
      memory.copy(target, source, bytes);
    } else {
      for (let at: usize = 0; at < whole; at += 16) v128.store(target + at, v128.load(source + at));
      for (let at = whole; at < bytes; at += 4) i32.store(target + at, i32.load(source + at));
    }
    source += bytesOf(sourceStep);
    target += bytesOf(targetStep);
  }
}
