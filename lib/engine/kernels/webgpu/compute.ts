import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** What the back end runs on the card; its types are not exported by name. */
type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

/** A shader over named tensors and numbers. */
interface Shader {
  /** Names the body: equal keys mean equal text. */
  readonly key: string;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly shape: readonly number[];
  /** Found as `uniforms.name`. */
  readonly integers?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
}

export interface ThreadShader extends Shader {
  /** How many threads; as many as numbers in the result, if it is not said. */
  readonly threads?: number;
  /** WGSL that knows `index`, from 0 to the number of threads, and writes `result`. */
  readonly body: string;
}

export interface GroupShader extends Shader {
  readonly threads: number;
  readonly groups: readonly [number, number, number];
  /** Numbers that are read and written at once: with 4 inputs and result are arrays of `vec4`. */
  readonly components: 1 | 4;
  /** WGSL with `fn main()`, which knows `localIndex` and `workgroupId`. */
  readonly code: string;
}

const groupSize = 64;

/** Runs a shader whose threads do not know each other. @returns float32, tracked by `tf.tidy` */
export function compute(gpu: WebGPUBackend, { threads, body, ...shader }: ThreadShader): tf.Tensor {
  const count = threads ?? tf.util.sizeFromShape([...shader.shape]);
  const integers = { ...shader.integers, threads: count };
  return run(gpu, { ...shader, integers }, 1, {
    workgroupSize: [groupSize, 1, 1],
    dispatchLayout: { x: shader.shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(count / groupSize), 1, 1],
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.threads) {${body}
        }
      }`,
  });
}

/** Runs a shader whose workgroups share memory. @returns float32, tracked by `tf.tidy` */
export function computeInGroups(
  gpu: WebGPUBackend,
  { threads, groups, components, code, ...shader }: GroupShader,
): tf.Tensor {
  return run(gpu, shader, components, {
    workgroupSize: [threads, 1, 1],
    // Says that the numbers of the result are not dealt out to threads one by one.
    dispatchLayout: { x: [0], y: [1], z: [2] },
    dispatch: [...groups],
    getUserCode: () => code,
  });
}

function run(
  gpu: WebGPUBackend,
  { key, inputs, shape, integers = {}, floats = {} }: Shader,
  components: number,
  how: Pick<Program, "workgroupSize" | "dispatchLayout" | "dispatch" | "getUserCode">,
): tf.Tensor {
  const names = Object.keys(inputs);
  const declared = (all: object, type: string) => Object.keys(all).map((name) => `${name} : ${type},`);
  const program = {
    shaderKey: `iopfl ${key}`,
    outputShape: [...shape],
    variableNames: names,
    outputComponent: components,
    variableComponents: names.map(() => components),
    uniforms: [...declared(integers, "i32"), ...declared(floats, "f32")].join(" "),
    ...how,
  } as Program;
  const numbers = (all: Readonly<Record<string, number>>, type: string) =>
    Object.values(all).map((value) => ({ type, data: [value] }));
  const given = Object.values(inputs).map((input) => floatsOf(gpu, input));
  const uniforms = [...numbers(integers, "int32"), ...numbers(floats, "float32")];
  return tf.engine().makeTensorFromTensorInfo(gpu.runWebGPUProgram(program, given, "float32", uniforms));
}

/** A cast to float32 leaves integers as they are and only calls them otherwise; shaders that read them as numbers would not compile. */
function floatsOf(gpu: WebGPUBackend, input: tf.TensorInfo): tf.TensorInfo {
  return gpu.tensorMap.get(input.dataId).dtype === "float32" ? input : tf.mul(input as tf.Tensor, 1);
}
