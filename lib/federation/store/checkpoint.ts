import { rmSync } from "node:fs";
import { WorkbenchError } from "../../core/errors";
import type { State } from "../../core/state";
import type { Work } from "../client/work";
import { openClientFiles } from "./client-files";
import type { ClientStore } from "./client-store";
import { bestOf, heldIn } from "../round/best";
import type { FederationState, RoundRecord } from "../round/federation";
import { bagBelow, readStateFile, writeStateFile } from "./state-file";

/** What the rounds so far have cost, over all the processes that had a part in them. */
export interface Spent {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMemoryMegabytes: number;
}

export interface SavedFederation {
  readonly state: FederationState;
  readonly spent: Spent | undefined;
}

/**
 * Keeps a federation's state after each round, so that an interrupted run goes on where it was and gives the same bytes. Rounds take
 * turns on two files: while one is written the other is whole, and when one turns out to be damaged the round before is still there.
 * They hold what the server holds, the history and the clients' states; states that went to disk already, because there are more than
 * should be held in memory, stay in the folder beside them and are named.
 * Random generators need no place: every round derives its own from the seed (see `FederationSpec.random`).
 */
export interface Checkpoint {
  /** Where the federation keeps its clients' states. */
  readonly store: ClientStore;
  /**
   * To be called once, before anything is kept, by the one process that has the right to this checkpoint: it also clears up.
   * @returns the latest whole state, or `undefined` when there is none; a damaged one is removed and said so
   */
  load(warn: (message: string) => void): SavedFederation | undefined;
  save(state: FederationState, spent?: Spent): void;
}

/** Bytes of clients' states that are held in memory; paper-sized models are 31 MB each. */
const defaultMemory = 64e6;

/** What stands beside the states in a file. */
interface Note {
  readonly history: readonly RoundRecord[];
  readonly work: Work;
  /** For each client, and behind them for each of the best models, the file of its state, or null when that stands in this file. */
  readonly clients: readonly (string | null)[];
  /** Of the best models, where they are kept. */
  readonly best?: readonly { readonly round: number; readonly dice: number }[];
  readonly spent?: Spent;
}

interface Generation extends Note {
  readonly path: string;
  readonly states: ReadonlyMap<string, State>;
}

/** @param path where it lies; see `checkpointFiles` */
export function openCheckpoint(path: string, memory = defaultMemory): Checkpoint {
  const { generations, clients: folder } = checkpointFiles(path);
  const files = openClientFiles(folder, memory);
  /** Files that the two generations on disk name, the latest last. */
  let named: readonly (readonly string[])[] = [[], []];

  const readGeneration = (generation: string): Generation | undefined => {
    const file = readStateFile(generation);
    return file?.states.has("server/model")
      ? { path: generation, states: file.states, ...(JSON.parse(file.note) as Note) }
      : undefined;
  };
  return {
    store: files,
    load(warn) {
      const unlessDamaged = <Value>(generation: string, read: () => Value): Value | undefined => {
        try {
          return read();
        } catch (error) {
          if (!(error instanceof WorkbenchError)) throw error;
          warn(`a damaged checkpoint is left out: ${error.problem}`);
          rmSync(generation, { recursive: true, force: true });
          return undefined;
        }
      };
      const found = generations
        .flatMap((generation) => unlessDamaged(generation, () => readGeneration(generation)) ?? [])
        .sort((a, b) => a.history.length - b.history.length);
      for (let latest = found.pop(); latest; latest = found.pop()) {
        const { clients: places, states, history, work, spent, best = [] } = latest;
        const spilled = unlessDamaged(latest.path, () =>
          places.map((file) => (file === null ? undefined : files.find(file))),
        );
        if (!spilled) continue;
        named = [namesOf(found[0]), namesOf(latest)];
        files.clear(named.flat());
        const kept = spilled.map((each, client) => each ?? files.keep(bagBelow(`client${client}/`, states)));
        const clients = kept.slice(0, kept.length - best.length);
        const held = bestOf(best.map((each, index) => ({ ...each, kept: kept[clients.length + index] })));
        const state = { server: bagBelow("server/", states), clients, history, work, ...(held && { best: held }) };
        return { state, spent };
      }
      files.clear([]);
      return undefined;
    },
    save({ server, clients, history, work, best }, spent) {
      const held = heldIn(best);
      const all = [...clients, ...held.map(({ kept }) => kept)];
      const note: Note = {
        ...{ history, work, spent, clients: all.map((kept) => files.fileOf(kept) ?? null) },
        ...(best && { best: held.map(({ round, dice }) => ({ round, dice })) }),
      };
      const states = new Map(Object.entries(server).map(([name, state]) => [`server/${name}`, state]));
      all.forEach((kept, client) => {
        if (note.clients[client] !== null) return;
        for (const [name, state] of Object.entries(kept.read())) states.set(`client${client}/${name}`, state);
      });
      files.flush(namesOf(note));
      writeStateFile(generations[history.length % 2], { states, note: JSON.stringify(note) });
      named = [named[1], namesOf(note)];
      files.retain(all, named.flat());
    },
  };
}

const namesOf = (note: Note | undefined): string[] => note?.clients.flatMap((file) => file ?? []) ?? [];

/** Removes a checkpoint with all its files. */
export function removeCheckpoint(path: string): void {
  const { generations, clients } = checkpointFiles(path);
  for (const generation of generations) rmSync(generation, { recursive: true, force: true });
  rmSync(clients, { recursive: true, force: true });
}

/** The two files of a checkpoint, for even and for odd numbers of rounds, and the folder of the clients' states. */
export function checkpointFiles(path: string): {
  readonly generations: readonly [even: string, odd: string];
  readonly clients: string;
} {
  const stem = path.replace(/\.safetensors$/, "");
  return { generations: [`${stem}.even.safetensors`, `${stem}.odd.safetensors`], clients: `${stem}.clients` };
}
