import * as tf from "@tensorflow/tfjs-core";
import type { ProgramBody } from "../../../program-body";
import { keepPrograms, programName, type KeptPrograms } from "../../kept-programs";
import { createArena, type Arena } from "./arena";
import type { Internals } from "./backend";
import { recordBody } from "./record";
import { createProgram, type Program } from "./replay";

/** What one card keeps: a back end that is started anew begins without programs. */
interface Card {
  readonly arena: Arena;
  /** A body that cannot be recorded is kept as nothing, so that it is not tried every time. */
  readonly programs: KeptPrograms<Program | undefined>;
}

const cards = new WeakMap<Internals, Card>();
let recording = false;

/** @returns what runs the body in one submission, or `undefined` for a body that goes step by step, as one inside another does */
export function recordedProgram(
  key: string,
  body: ProgramBody,
  inputs: readonly tf.Tensor[],
): (() => tf.Tensor[]) | undefined {
  if (recording) return undefined;
  const backend = tf.backend() as unknown as Internals;
  const { arena, programs } = cardOf(backend);
  const program = programs.get(programName(key, inputs), () => {
    recording = true;
    try {
      const recorded = recordBody(backend, body, inputs);
      return recorded && createProgram(backend, recorded, arena);
    } finally {
      recording = false;
    }
  });
  return program && (() => program.run(inputs));
}

function cardOf(backend: Internals): Card {
  const card = cards.get(backend) ?? {
    arena: createArena(backend),
    programs: keepPrograms<Program | undefined>((program) => program?.remove()),
  };
  cards.set(backend, card);
  return card;
}
