import * as tf from "@tensorflow/tfjs-core";

/** What some work asked of the engine: numbers that are the same on every machine and at any load. */
export interface Work {
  /** Kernels that TensorFlow.js ran, one by one. */
  readonly kernels: number;
  /** Tensors that they made, and their bytes; a kernel that runs others counts theirs too. */
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Calls of TensorFlow's addon; nothing on other engines. */
  readonly calls: number;
  /** Of these, the operations that were run one by one, and the recorded programs. */
  readonly operations: number;
  readonly programs: number;
  /** Operations that were written down for later: none once a program is recorded. */
  readonly recorded: number;
  /** Bytes that were copied from JavaScript to the addon and back. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

type Method = (...args: unknown[]) => unknown;
interface Binding {
  readonly [name: string]: unknown;
}

/** Runs something and counts what it asks of the current engine. */
export async function countWork(body: () => Promise<unknown>): Promise<Work> {
  const counted = countCalls();
  try {
    const { kernels } = await tf.profile(async () => {
      await body();
      return [];
    });
    const sum = (pick: (kernel: (typeof kernels)[number]) => number) =>
      kernels.reduce((total, kernel) => total + pick(kernel), 0);
    return {
      kernels: kernels.length,
      tensors: sum(({ tensorsAdded }) => tensorsAdded),
      tensorBytes: sum(({ bytesAdded }) => bytesAdded),
      ...counted.calls(),
    };
  } finally {
    counted.stop();
  }
}

/** Puts a counter before every function of tfjs-node's binding. */
function countCalls(): { calls(): Omit<Work, "kernels" | "tensors" | "tensorBytes">; stop(): void } {
  const numbers = new Map<string, number>();
  const bytes = { in: 0, out: 0 };
  const calls = () => {
    const of = (name: string) => numbers.get(name) ?? 0;
    const all = [...numbers.values()].reduce((sum, value) => sum + value, 0);
    return {
      calls: all,
      operations: of("executeOp"),
      programs: of("runProgram"),
      recorded: of("programOperation"),
      bytesIn: bytes.in,
      bytesOut: bytes.out,
    };
  };
  if (tf.getBackend() !== "tensorflow") return { calls, stop: () => undefined };
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const counters = Object.entries(Object.getOwnPropertyDescriptors(binding)).filter(
    ([, { value }]) => typeof value === "function",
  );
  const counted = ([name, { value }]: [string, PropertyDescriptor]): [string, PropertyDescriptor] => {
    const count: Method = (...args) => {
      numbers.set(name, (numbers.get(name) ?? 0) + 1);
      if (name === "createTensor") bytes.in += lengthOf(args[2]);
      const result = (value as Method).apply(binding, args);
      if (name === "tensorDataSync") bytes.out += lengthOf(result);
      return result;
    };
    return [name, { value: count }];
  };
  backend.binding = Object.create(binding, Object.fromEntries(counters.map(counted))) as Binding;
  return { calls, stop: () => void (backend.binding = binding) };
}

const lengthOf = (values: unknown): number => (ArrayBuffer.isView(values) ? values.byteLength : 0);
