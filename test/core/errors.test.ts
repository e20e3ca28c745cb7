import assert from "node:assert/strict";
import { openSync } from "node:fs";
import { test } from "node:test";
import { describeError, Interrupted, WorkbenchError } from "../../lib/core/errors";

test("a user sees one line: problem and mend, or what the disk said", () => {
  assert.equal(describeError(new WorkbenchError('unknown site "X"', "use HK")), 'unknown site "X"; use HK');
  assert.match(describeError(new Interrupted("training")), /^training was interrupted; run the same command again/);
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  assert.equal(
    describeError(full),
    "cannot write (ENOSPC): the disk is full; free some space and run the command again; finished results were kept",
  );
  const readOnly = Object.assign(new Error("EROFS"), { code: "EROFS", path: "results/x.json" });
  assert.match(
    describeError(readOnly),
    /^cannot write results\/x\.json \(EROFS\): the file system is read-only; [^\n]+$/,
  );
});

test("a defect keeps its stack", () => {
  assert.match(describeError(new RangeError("no entry")), /RangeError: no entry\n +at /);
  assert.throws(
    () => openSync("/nonexistent/file", "r"),
    (error) => describeError(error).includes("ENOENT"),
  );
});
