/** `npm run latency`: how long a researcher waits for the kernel; ends with exit code 1 when a limit is missed. */
import { join } from "node:path";
import { limits, measureLatency, type Latency } from "./latency";
import { projectRoot } from "./make-notebook";

const names: Readonly<Record<keyof Latency, string>> = {
  ready: "kernel ready",
  bare: "trivial cell, median",
  library: "the same after importing lib/notebook",
  tensors: "the same after importing TensorFlow.js as well",
};

void measureLatency(join(projectRoot, "notebooks"), "../lib/notebook", 31).then((measured) => {
  for (const key of Object.keys(names) as (keyof Latency)[]) {
    const missed = measured[key] > limits[key];
    console.log(
      `${names[key].padEnd(48)} ${measured[key].toFixed(0).padStart(5)} ms   limit ${limits[key]} ms${missed ? "   MISSED" : ""}`,
    );
    if (missed) process.exitCode = 1;
  }
});
