import * as tf from "@tensorflow/tfjs-core";
import type { ProgramBody } from "../../program-body";
import { keepPrograms, programName } from "../kept-programs";

/** How tfjs-node describes a tensor of the library. */
interface Description {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** tfjs-node's binding with the operations of lib/engine/install/native, which the official addon lacks. */
interface Binding {
  executeOp(type: string, attributes: readonly object[], inputs: readonly number[], outputs: number): Description[];
  createTensor(shape: number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  beginProgram?(): void;
  programInput(dtype: number, shape: readonly number[]): [Description];
  programConstant(id: number): [Description];
  programOperation(
    type: string,
    attributes: readonly object[],
    inputs: readonly number[],
    outputs: number,
  ): Description[];
  finishProgram(name: string, outputs: readonly number[]): void;
  runProgram(name: string, inputs: readonly number[], outputs: number): Description[];
  removeProgram(name: string): void;
}

interface Backend {
  binding: Binding;
  getDTypeInteger(dtype: tf.DataType): number;
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(description: Description): tf.Tensor;
}

/** Numbers of tensors that only stand in a program start here, far above those of tensors that exist. */
const firstRecorded = 2 ** 30;

interface Recorded {
  readonly name: string;
  readonly outputs: number;
}

const programs = keepPrograms<Recorded>(({ name }) => (tf.backend() as unknown as Backend).binding.removeProgram(name));
let recordedSoFar = 0;

/** @returns what runs the body as one operation, or `undefined` where the current engine cannot. */
export function recordedProgram(
  key: string,
  body: ProgramBody,
  inputs: readonly tf.Tensor[],
): (() => tf.Tensor[]) | undefined {
  const backend = tf.backend() as unknown as Backend;
  if (!backend.binding.beginProgram) return undefined;
  const { name, outputs } = programs.get(programName(key, inputs), () =>
    record(backend, `program_${recordedSoFar++}`, body, inputs),
  );
  return () =>
    backend.binding
      .runProgram(name, backend.getInputTensorIds(inputs), outputs)
      .map((description) => backend.createOutputTensor(description));
}

/** Runs the body with operations that are only written down. Nothing is computed, so it takes no memory to speak of. */
function record(backend: Backend, name: string, body: ProgramBody, inputs: readonly tf.Tensor[]): Recorded {
  const { binding } = backend;
  const born = new Set<number>();
  const constants = new Map<number, number>();
  const shifted = (descriptions: readonly Description[]): Description[] =>
    descriptions.map((each) => ({ ...each, id: known(each).id + firstRecorded }));
  const operand = (id: number): number => {
    if (id >= firstRecorded) return id - firstRecorded;
    if (!born.has(id)) throw new Error(`${name} uses a tensor that is not among its inputs`);
    const number = constants.get(id) ?? binding.programConstant(id)[0].id;
    constants.set(id, number);
    return number;
  };
  const recorder = {
    executeOp: (type: string, attributes: readonly object[], ids: readonly number[], outputs: number) =>
      shifted(binding.programOperation(type, attributes, ids.map(operand), outputs)),
    createTensor(shape: number[], dtype: number, values: unknown) {
      const id = binding.createTensor(shape, dtype, values);
      born.add(id);
      return id;
    },
    deleteTensor(id: number) {
      if (id < firstRecorded) binding.deleteTensor(id);
    },
    tensorDataSync(id: number) {
      if (id >= firstRecorded) throw new Error(`${name} reads the values of a tensor`);
      return binding.tensorDataSync(id);
    },
  };

  binding.beginProgram?.();
  const shapes = inputs.map(
    ({ dtype, shape }) => shifted(binding.programInput(backend.getDTypeInteger(dtype), shape))[0],
  );
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(recorder)) as Binding;
  let outputs: number[] = [];
  try {
    tf.tidy(() => {
      outputs = backend.getInputTensorIds(body(shapes.map((shape) => backend.createOutputTensor(shape)))).map(operand);
    });
  } finally {
    backend.binding = binding;
  }
  binding.finishProgram(name, outputs);
  return { name, outputs: outputs.length };
}

function known(description: Description): Description {
  if (description.shape.some((size) => size < 0))
    throw new Error("the shape of a tensor depends on values, which a program cannot know");
  return description;
}
