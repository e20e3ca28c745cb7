import { rmSync } from "node:fs";
import { WorkbenchError } from "../core/errors";
import type { Layout, State } from "../core/state";
import type { ClientState } from "../methods/contract";
import type { FederationState, RoundRecord } from "./federation";
import { readStateFile, writeStateFile } from "./state-file";

/**
 * Keeps a federation's state after each round, so that an interrupted run goes on where it was and gives the same bytes. Rounds take
 * turns on two files: while one is written the other is whole, and when one turns out to be damaged the round before is still there.
 * Random generators need no place: every round derives its own from the seed (see `FederationSpec.random`).
 */
export function saveCheckpoint(path: string, { global, clients, history }: FederationState): void {
  const states = new Map<string, State>([["global", global]]);
  clients.forEach((client, index) => {
    for (const [name, state] of Object.entries(client)) states.set(`client${index}/${name}`, state);
  });
  writeStateFile(generations(path)[history.length % 2], { states, note: JSON.stringify(history) });
}

/** @returns the latest whole state, or `undefined` when there is none; a damaged one is removed and said so */
export function loadCheckpoint(path: string, layout: Layout, clientCount: number, warn: (message: string) => void): FederationState | undefined {
  const found: FederationState[] = [];
  for (const generation of generations(path)) {
    try {
      const state = readGeneration(generation, layout, clientCount);
      if (state) found.push(state);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      warn(`a damaged checkpoint is left out: ${error.problem}`);
      rmSync(generation, { force: true });
    }
  }
  return found.sort((a, b) => b.history.length - a.history.length)[0];
}

export function removeCheckpoint(path: string): void {
  for (const generation of generations(path)) rmSync(generation, { force: true });
}

/** The two files of a checkpoint: for even and for odd numbers of rounds. */
export function generations(path: string): readonly [even: string, odd: string] {
  const stem = path.replace(/\.safetensors$/, "");
  return [`${stem}.even.safetensors`, `${stem}.odd.safetensors`];
}

function readGeneration(path: string, layout: Layout, clientCount: number): FederationState | undefined {
  const file = readStateFile(path, layout);
  const global = file?.states.get("global");
  if (!file || !global) return undefined;
  const clients = Array.from({ length: clientCount }, (_, index): ClientState => {
    const prefix = `client${index}/`;
    return Object.fromEntries([...file.states].filter(([name]) => name.startsWith(prefix)).map(([name, state]) => [name.slice(prefix.length), state]));
  });
  return { global, clients, history: JSON.parse(file.note) as RoundRecord[] };
}
