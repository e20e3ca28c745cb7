import { rmSync } from "node:fs";
import { WorkbenchError } from "../core/errors";
import type { Layout, State } from "../core/state";
import type { ClientState } from "../methods/contract";
import type { FederationState, RoundRecord } from "./federation";
import { readStateFile, writeStateFile } from "./state-file";

/** Keeps a federation's state after each round, so that an interrupted run goes on where it was and gives the same bytes. */
export function saveCheckpoint(path: string, { global, clients, history }: FederationState): void {
  const states = new Map<string, State>([["global", global]]);
  clients.forEach((client, index) => {
    for (const [name, state] of Object.entries(client)) states.set(`client${index}/${name}`, state);
  });
  writeStateFile(path, { states, note: JSON.stringify(history) });
}

/** @returns the checkpointed state, or `undefined` when there is none or it is damaged (it is then removed and said so). */
export function loadCheckpoint(path: string, layout: Layout, clientCount: number, warn: (message: string) => void): FederationState | undefined {
  try {
    const file = readStateFile(path, layout);
    const global = file?.states.get("global");
    if (!file || !global) return undefined;
    const clients = Array.from({ length: clientCount }, (_, index): ClientState => {
      const prefix = `client${index}/`;
      return Object.fromEntries([...file.states].filter(([name]) => name.startsWith(prefix)).map(([name, state]) => [name.slice(prefix.length), state]));
    });
    return { global, clients, history: JSON.parse(file.note) as RoundRecord[] };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    warn(`starting over: ${error.problem}`);
    removeCheckpoint(path);
    return undefined;
  }
}

export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true });
}
