/** `npm run soak -- 30`: minutes of training in a notebook (default 30) with memory watched; ends with exit code 1 when it grows. */
import { growth, soak } from "./soak";

const minutes = Number(process.argv[2] ?? 30);
const allowed = 40;

let printed = 0;
void soak(({ seconds }) => seconds > minutes * 60, {
  onSample({ seconds, rounds, kernel, workers }) {
    if (seconds < printed) return;
    printed += Math.max(10, (minutes * 60) / 30);
    const far = `${seconds.toFixed(0).padStart(6)} s   ${String(rounds).padStart(6)} rounds`;
    console.log(`${far}   kernel ${kernel.toFixed(0)} MB   workers ${workers.toFixed(0)} MB`);
  },
}).then((samples) => {
  const { rounds, kernel, workers } = growth(samples);
  const grown = `kernel ${kernel.toFixed(1)} MB, workers ${workers.toFixed(1)} MB`;
  console.log(
    `${rounds} rounds; least memory of the last quarter of them minus that of the second: ${grown} (allowed ${allowed})`,
  );
  if (Math.max(kernel, workers) > allowed) process.exitCode = 1;
});
