// A thread beside the kernel's own, for what that cannot see while it computes: a press of stop, and that the process which started it is gone.
"use strict";
const { Session } = require("node:inspector");
const { workerData } = require("node:worker_threads");

const { state, parent, breakExpression, interval, patience } = workerData;
const [running, beats] = [0, 1];
const shared = new Int32Array(state);
const catcher = findCatcher();
let seen = 0;
let quietSince = Date.now();

function findCatcher() {
  try {
    return process.binding("contextify");
  } catch {
    return undefined;
  }
}

/** Takes a press that waits for a kernel which does not look. */
function takePress() {
  if (!catcher?.startSigintWatchdog) return false;
  catcher.startSigintWatchdog();
  return catcher.stopSigintWatchdog();
}

/** Runs `breakExpression` in the kernel's thread, in the middle of whatever loop that is in. */
function breakLoop() {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.evaluate", { expression: breakExpression }, () => session.disconnect());
}

setInterval(() => {
  if (process.ppid !== parent) {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000);
  }
  const beat = Atomics.load(shared, beats);
  if (beat !== seen || Atomics.load(shared, running) === 0) {
    seen = beat;
    quietSince = Date.now();
  } else if (Date.now() - quietSince > patience && takePress()) {
    quietSince = Date.now();
    breakLoop();
  }
}, interval);
