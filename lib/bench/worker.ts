import * as tf from "@tensorflow/tfjs-core";
import { createInterface } from "node:readline";
import { describeError } from "../core/errors";
import { startEngine } from "../engine";
import { prepareTask } from "./prepare";
import type { OwnTask } from "./task";

/**
 * One side of a benchmark case, ours; `torch/worker.py` is the other. Prepares and warms up, says so, then answers every line on stdin:
 * a number of samples is measured; the end of the input ends the process. Answers are lines of JSON on stdout.
 */
async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2]) as OwnTask;
  const engine = await startEngine(task.engine, { threads: task.threads });
  const prepared = prepareTask(task);
  const check: number[] = [];
  for (let i = 0; i < task.warmUp; i++) check.push(await prepared.once());
  answer({ version: engine.version, device: engine.device, threads: engine.threads, check });
  for await (const line of createInterface({ input: process.stdin })) {
    const seconds: number[] = [];
    const cpu = process.cpuUsage();
    const helped = prepared.helped?.().cpuSeconds ?? 0;
    for (let i = 0; i < Number(line); i++) {
      const started = performance.now();
      await prepared.once();
      seconds.push((performance.now() - started) / 1000);
      // As a training loop does, which must hear an interrupt; memory is given back between steps.
      await new Promise(setImmediate);
    }
    const { user, system } = process.cpuUsage(cpu);
    answer({
      seconds,
      cpuSeconds: (user + system) / 1e6 + (prepared.helped?.().cpuSeconds ?? 0) - helped,
      residentMegabytes: process.memoryUsage().rss / 2 ** 20,
      tensors: tf.memory().numTensors,
    });
  }
  answer({ peakMegabytes: process.resourceUsage().maxRSS / 1024 + (prepared.helped?.().peakMegabytes ?? 0) });
  process.exit(0);
}

const answer = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
