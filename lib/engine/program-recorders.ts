import type * as tf from "@tensorflow/tfjs-core";
import type { ProgramBody } from "./program-body";

/** @returns what runs the body as one operation, or `undefined` where this body cannot be recorded. */
export type ProgramRecorder = (
  key: string,
  body: ProgramBody,
  inputs: readonly tf.Tensor[],
) => (() => tf.Tensor[]) | undefined;

/** By the name of the back end. An engine that records enters here when it starts, so that no engine depends on another one's code. */
export const programRecorders = new Map<string, ProgramRecorder>();
