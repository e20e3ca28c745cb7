import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A network as ONNX tells it: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, whose numbers of fields stand below. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly operator: string;
  /** Names of values; what a node gives is called as the node. */
  readonly inputs: readonly string[];
  readonly name: string;
  /** Lists are of integers; a number is one, too, unless it has a fraction. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface OnnxValue {
  readonly name: string;
  /** Sizes, or names of sizes that a user chooses. */
  readonly shape: readonly (number | string)[];
}

/** Of July 2021 and December 2022: what runtimes of the last years read. */
const irVersion = 8;
const operatorSet = 18;
const float32 = 1;
const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

/** @param notes what the file says about itself @returns the file; equal networks give equal bytes */
export function writeOnnx(graph: OnnxGraph, producer: string, notes: Readonly<Record<string, string>>): Uint8Array {
  const model = new BinaryWriter();
  integer(model, 1, irVersion);
  text(model, 2, producer);
  message(model, 7, () => writeGraph(model, graph));
  message(model, 8, () => integer(model, 2, operatorSet));
  for (const [key, value] of Object.entries(notes))
    message(model, 14, () => {
      text(model, 1, key);
      text(model, 2, value);
    });
  return model.finish();
}

function writeGraph(to: BinaryWriter, { name, nodes, constants, inputs, outputs }: OnnxGraph): void {
  for (const node of nodes) message(to, 1, () => writeNode(to, node));
  text(to, 2, name);
  for (const tensor of constants) message(to, 5, () => writeTensor(to, tensor));
  for (const value of inputs) message(to, 11, () => writeValue(to, value));
  for (const value of outputs) message(to, 12, () => writeValue(to, value));
}

function writeNode(to: BinaryWriter, { operator, inputs, name, attributes = {} }: OnnxNode): void {
  for (const input of inputs) text(to, 1, input);
  text(to, 2, name);
  text(to, 3, name);
  text(to, 4, operator);
  for (const [key, value] of Object.entries(attributes))
    message(to, 5, () => {
      text(to, 1, key);
      if (typeof value !== "number") integers(to, 8, value);
      else if (Number.isInteger(value)) integer(to, 3, value);
      else to.tag(2, WireType.Bit32).float(value);
      const type = typeof value !== "number" ? "ints" : Number.isInteger(value) ? "int" : "float";
      integer(to, 20, attributeTypes[type]);
    });
}

function writeTensor(to: BinaryWriter, { name, shape, values }: OnnxTensor): void {
  integers(to, 1, shape);
  integer(to, 2, float32);
  text(to, 8, name);
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  to.tag(9, WireType.LengthDelimited).bytes(bytes);
}

function writeValue(to: BinaryWriter, { name, shape }: OnnxValue): void {
  const writeSize = (size: number | string) => (typeof size === "number" ? integer(to, 1, size) : text(to, 2, size));
  text(to, 1, name);
  message(to, 2, () =>
    message(to, 1, () => {
      integer(to, 1, float32);
      message(to, 2, () => shape.forEach((size) => message(to, 1, () => writeSize(size))));
    }),
  );
}

const integer = (to: BinaryWriter, field: number, value: number) => void to.tag(field, WireType.Varint).int64(value);
const text = (to: BinaryWriter, field: number, value: string) =>
  void to.tag(field, WireType.LengthDelimited).string(value);

function integers(to: BinaryWriter, field: number, values: readonly number[]): void {
  message(to, field, () => values.forEach((value) => to.int64(value)));
}

function message(to: BinaryWriter, field: number, write: () => void): void {
  to.tag(field, WireType.LengthDelimited).fork();
  write();
  to.join();
}
