import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { byteLength } from "../../core/state";
import type { Bag } from "../../methods/contract";
import type { ClientStore, Kept } from "./client-store";
import { readStateFile, stateChecksum, writeStateFile } from "./state-file";

/**
 * Clients' states in memory as long as they fit; what no longer fits goes to disk, each state in a file that is named by its content:
 * what has not changed is not written again, and what is read is known to be what was written.
 */
export interface ClientFiles extends ClientStore {
  /** @returns the file of a state that went to disk, or `undefined` for one in memory */
  fileOf(kept: Kept): string | undefined;
  /** @returns a state that an earlier process wrote. @throws WorkbenchError when it is missing or damaged */
  find(file: string): Kept;
  /** Makes files outlast a crash of the machine. */
  flush(files: readonly string[]): void;
  /** Lets go of everything but these states, and removes what this process wrote or found but for these files. */
  retain(states: readonly Kept[], files: readonly string[]): void;
  /** Removes every file but these: for the one who has the right to this folder, before anything is kept. */
  clear(files: readonly string[]): void;
}

/** @param memory how many bytes of states are held before the next goes to disk */
export function openClientFiles(folder: string, memory: number): ClientFiles {
  /** Files known to be whole, and whether they have been flushed. */
  const whole = new Map<string, boolean>();
  const fileOf = new WeakMap<Kept, string>();
  /** Sizes of the states in memory. */
  const resident = new Map<Kept, number>();
  const place = (file: string) => join(folder, file);

  const read = (file: string): Bag => {
    const { states, note } = readStateFile(place(file)) ?? { states: new Map(), note: "missing" };
    if (fileFor(stateChecksum(states, note)) === file) return Object.fromEntries(states);
    throw new WorkbenchError(
      `the state of a client, ${place(file)}, is missing or damaged`,
      "run the command again; it goes on from the last whole checkpoint",
    );
  };
  const onDisk = (file: string): Kept => {
    const kept: Kept = { read: () => read(file) };
    fileOf.set(kept, file);
    return kept;
  };
  const remove = (file: string) => {
    rmSync(place(file), { recursive: true, force: true });
    whole.delete(file);
  };
  return {
    keep(state) {
      const bytes = Object.values(state).reduce((sum, each) => sum + byteLength(each), 0);
      const held = [...resident.values()].reduce((sum, each) => sum + each, 0);
      if (held + bytes <= memory) {
        const kept: Kept = { read: () => state };
        resident.set(kept, bytes);
        return kept;
      }
      const content = { states: new Map(Object.entries(state)), note: "" };
      const file = fileFor(stateChecksum(content.states, content.note));
      if (!whole.has(file)) {
        writeStateFile(place(file), content, { flush: false });
        whole.set(file, false);
      }
      return onDisk(file);
    },
    fileOf: (kept) => fileOf.get(kept),
    find(file) {
      if (!whole.has(file)) {
        read(file);
        whole.set(file, true);
      }
      return onDisk(file);
    },
    flush(files) {
      for (const file of files.filter((each) => whole.get(each) === false)) {
        const descriptor = openSync(place(file), "r+");
        try {
          fsyncSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
        whole.set(file, true);
      }
    },
    retain(states, files) {
      const [heldOn, named] = [new Set(states), new Set(files)];
      for (const kept of [...resident.keys()]) if (!heldOn.has(kept)) resident.delete(kept);
      for (const file of [...whole.keys()]) if (!named.has(file)) remove(file);
    },
    clear(files) {
      const named = new Set(files);
      for (const file of existsSync(folder) ? readdirSync(folder) : []) if (!named.has(file)) remove(file);
    },
  };
}

const fileFor = (checksum: string) => `${checksum.slice(0, 32)}.safetensors`;
