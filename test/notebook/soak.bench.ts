/** `npm run soak -- 30`: minutes of training in a notebook (default 30) with memory watched; ends with exit code 1 when it grows. */
import { growth, soak } from "./soak";

const minutes = Number(process.argv[2] ?? 30);
const allowed = 40;

let printed = 0;
void soak(minutes * 60, ({ seconds, kernel, workers }) => {
  if (seconds < printed) return;
  printed += Math.max(10, (minutes * 60) / 30);
  console.log(`${seconds.toFixed(0).padStart(6)} s   kernel ${kernel.toFixed(0)} MB   workers ${workers.toFixed(0)} MB`);
}).then((samples) => {
  const { kernel, workers } = growth(samples);
  console.log(`growth from the middle third to the last: kernel ${kernel.toFixed(1)} MB, workers ${workers.toFixed(1)} MB (allowed ${allowed})`);
  if (Math.max(kernel, workers) > allowed) process.exitCode = 1;
});
