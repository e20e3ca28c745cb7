import { WorkbenchError } from "../../core/errors";
import type { State } from "../../core/state";
import type { ClientWork, EvaluationWork, Trained, TrainingWork } from "../../federation/client/client-work";
import { bagBelow, readStateFile, writeStateFile } from "../../federation/store/state-file";
import type { Bag } from "../../methods/contract";

/**
 * Clients' work on its way between processes. It travels in files: a pipe takes what is larger than its buffer only while the other end
 * listens, and a process that trains does not. They are whole or not there, and need no checksum: both processes live.
 */
export function writeWork(path: string, work: ClientWork): void {
  if (work.kind === "training") {
    const { received, kept, ...note } = work;
    write(path, [...named("received/", received), ...named("kept/", kept)], note);
  } else {
    const { models, ...note } = work;
    write(
      path,
      models.map((model, index) => [String(index), model]),
      note,
    );
  }
}

/** @throws WorkbenchError when the file is missing or damaged */
export function readWork(path: string): ClientWork {
  const { states, note } = read(path);
  const rest = JSON.parse(note) as Omit<TrainingWork, "received" | "kept"> | Omit<EvaluationWork, "models">;
  if (rest.kind === "evaluation") return { ...rest, models: [...states.values()] };
  return { ...rest, received: bagBelow("received/", states), kept: bagBelow("kept/", states) };
}

export function writeTrained(path: string, { keep, send, loss, work }: Trained): void {
  write(path, [...named("keep/", keep), ...named("send/", send ?? {})], { loss, work, sends: send !== undefined });
}

/** @throws WorkbenchError when the file is missing or damaged */
export function readTrained(path: string): Trained {
  const { states, note } = read(path);
  const { loss, work, sends } = JSON.parse(note) as Pick<Trained, "loss" | "work"> & { sends: boolean };
  return { keep: bagBelow("keep/", states), send: sends ? bagBelow("send/", states) : undefined, loss, work };
}

function write(path: string, states: readonly (readonly [string, State])[], note: object): void {
  writeStateFile(path, { states: new Map(states), note: JSON.stringify(note) }, { flush: false, checksum: false });
}

function read(path: string) {
  const file = readStateFile(path);
  if (!file) throw new WorkbenchError(`${path} is gone`, "run the command again");
  return file;
}

const named = (prefix: string, bag: Bag) => Object.entries(bag).map(([name, state]) => [prefix + name, state] as const);
