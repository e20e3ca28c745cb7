import type { FileWatcherCallback, System } from "@tslab/typescript-for-tslab";
import { statSync } from "node:fs";

/**
 * Takes over the compiler's watching of files: nothing is watched while nothing runs; before each cell, `poll` tells the compiler
 * about every file of the project that has changed since. An edit can thus never be missed, and no watcher leaks.
 */
export function takeOverWatching(
  system: System,
  events: { created: number; changed: number; deleted: number },
): { poll(): void } {
  const watched = new Map<string, { stamp: number; callback: FileWatcherCallback }>();
  const stampOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

  system.watchFile = (file, callback) => {
    // Packages do not change under a running kernel, and stamping their thousands of files would slow every cell.
    if (file.includes("/node_modules/")) return { close() {} };
    const entry = { stamp: stampOf(file), callback };
    watched.set(file, entry);
    return {
      close() {
        if (watched.get(file) === entry) watched.delete(file);
      },
    };
  };
  system.watchDirectory = () => ({ close() {} });

  return {
    poll() {
      for (const [file, entry] of [...watched]) {
        const stamp = stampOf(file);
        if (stamp === entry.stamp) continue;
        const event = entry.stamp === 0 ? events.created : stamp === 0 ? events.deleted : events.changed;
        entry.stamp = stamp;
        entry.callback(file, event);
      }
    },
  };
}
