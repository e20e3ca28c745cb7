import * as tf from "@tensorflow/tfjs-core";
import { createHash } from "node:crypto";
import { prepareTask } from "../../../lib/bench/prepare";
import { plainTask, type Task } from "../../../lib/bench/task";
import { startEngine } from "../../../lib/engine";
import { operations } from "./operations";

/** What a processor computed: a hash of the bytes of each operation, and of the numbers that some steps of each task gave. */
export type Bytes = Record<string, string>;

const hash = (parts: readonly Uint8Array[]): string => {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return digest.digest("hex").slice(0, 16);
};

const tasks: Record<string, Partial<Task>> = {
  "training 16x16": { task: "training", side: 16, features: 8, batch: 2 },
  "training 32x32": { task: "training", side: 32, features: 8, batch: 1 },
  "inference 48x48": { task: "inference", side: 48, features: 8, batch: 2 },
  "routing 16x16": { task: "routing", side: 16, features: 8, batch: 2, experts: 3 },
  "evaluation 16x16": {
    task: "evaluation",
    side: 16,
    features: 8,
    batch: 4,
    clients: 1,
    train: 4,
    validation: 2,
    test: 4,
  },
};
const steps = 2;

/** Argument: the engine. Prints `Bytes` as JSON. */
async function main([engine]: readonly string[]): Promise<void> {
  const chosen = engine as "tensorflow" | "wasm";
  await startEngine(chosen);
  const bytes: Bytes = {};
  for (const [name, compute] of Object.entries(operations())) {
    tf.tidy(() => {
      const parts = compute().map((each) => {
        const values = each.dataSync();
        return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      });
      bytes[name] = hash(parts);
    });
  }
  for (const [name, task] of Object.entries(tasks)) {
    const prepared = prepareTask({ ...plainTask, ...task, engine: chosen });
    const seen = new Float64Array(steps);
    for (let step = 0; step < steps; step++) seen[step] = await prepared.once();
    bytes[name] = hash([new Uint8Array(seen.buffer)]);
  }
  process.stdout.write(`${JSON.stringify(bytes)}\n`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
