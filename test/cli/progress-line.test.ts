import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { progressLine } from "../../lib/cli/progress-line";
import type { ExperimentProgress } from "../../lib/lab/execute/progress";

const progress = {
  experiment: "inside",
  jobsDone: 1,
  jobs: 3,
  share: 0.456,
  secondsLeft: 75,
  job: { name: "fedavg.seed0" },
  round: undefined,
  rounds: 9,
} as unknown as ExperimentProgress;

/** What is written to stderr as a terminal, or not as one. */
function written(context: TestContext, terminal: boolean, work: () => void): string {
  let text = "";
  const tty = process.stderr.isTTY;
  process.stderr.isTTY = terminal;
  const write = context.mock.method(process.stderr, "write", (chunk: string) => ((text += chunk), true));
  try {
    work();
  } finally {
    write.mock.restore();
    process.stderr.isTTY = tty;
  }
  return text;
}

const show = () => {
  const line = progressLine();
  line.update(progress);
  line.update(progress);
  line.log("a warning");
  line.end();
};

test("on a terminal one line is rewritten, and what is said beside it stands above it", (context) => {
  assert.equal(
    written(context, true, show),
    "\r\x1b[2Kinside: 45 %, 1 of 3 jobs, 1 min 15 s left (fedavg.seed0)\r\x1b[2Ka warning\n",
  );
});

test("elsewhere there is a line now and then, without control characters", (context) => {
  assert.equal(written(context, false, show), "inside: 45 %, 1 of 3 jobs, 1 min 15 s left (fedavg.seed0)\na warning\n");
});
