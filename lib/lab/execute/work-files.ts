import { WorkbenchError } from "../../core/errors";
import type { Layout, State } from "../../core/state";
import type { ClientWork, EvaluationWork, Training, TrainingWork } from "../../federation/client/client-work";
import { readStateFile, writeStateFile } from "../../federation/store/state-file";
import type { ClientState } from "../../methods/contract";

/**
 * Clients' work on its way between processes. It travels in files: a pipe takes what is larger than its buffer only while the other end
 * listens, and a process that trains does not. They are whole or not there, and need no checksum: both processes live.
 */
export function writeWork(path: string, work: ClientWork): void {
  if (work.kind === "training") {
    const { global, state, ...note } = work;
    write(path, [["global", global], ...named("state/", state)], note);
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
export function readWork(path: string, layout: Layout): ClientWork {
  const { states, note } = read(path, layout);
  const rest = JSON.parse(note) as Omit<TrainingWork, "global" | "state"> | Omit<EvaluationWork, "models">;
  if (rest.kind === "evaluation") return { ...rest, models: [...states.values()] };
  return { ...rest, global: states.get("global") as State, state: below("state/", states) };
}

export function writeTraining(path: string, { state, upload, loss }: Training): void {
  write(path, [...named("state/", state), ...(upload ? [["upload", upload] as const] : [])], { loss });
}

/** @throws WorkbenchError when the file is missing or damaged */
export function readTraining(path: string, layout: Layout): Training {
  const { states, note } = read(path, layout);
  return { state: below("state/", states), upload: states.get("upload"), ...(JSON.parse(note) as { loss: number }) };
}

function write(path: string, states: readonly (readonly [string, State])[], note: object): void {
  writeStateFile(path, { states: new Map(states), note: JSON.stringify(note) }, { flush: false, checksum: false });
}

function read(path: string, layout: Layout) {
  const file = readStateFile(path, layout);
  if (!file) throw new WorkbenchError(`${path} is gone`, "run the command again");
  return file;
}

const named = (prefix: string, state: ClientState) =>
  Object.entries(state).map(([name, value]) => [prefix + name, value] as const);

function below(prefix: string, states: ReadonlyMap<string, State>): ClientState {
  return Object.fromEntries(
    [...states].filter(([name]) => name.startsWith(prefix)).map(([name, state]) => [name.slice(prefix.length), state]),
  );
}
