import assert from "node:assert/strict";
import { openSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { describeError, Interrupted, isDefect, printable, quote, WorkbenchError } from "../../lib/core/errors";

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

test("a defect is one line that names its place, and never a stack", () => {
  const defect = new RangeError("no entry\n    at more");
  assert.match(
    describeError(defect),
    /^a fault of the workbench at test\/core\/errors\.test\.ts:\d+: RangeError: no entry\\n {4}at more; please report it/,
  );
  const { error } = z.object({ seeds: z.array(z.int()) }).safeParse({ seeds: [NaN] });
  assert.match(describeError(error), /ZodError: seeds\.0: Invalid input: expected number, received NaN; please report/);
  assert.deepEqual([isDefect(defect), isDefect(new WorkbenchError("a", "b")), isDefect("text")], [true, false, false]);
  assert.equal(describeError("text\x07"), "text\\x07");
});

test("what the system refuses is said in words", () => {
  const refusal = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      assert.ok(!isDefect(error));
      return describeError(error);
    }
    return assert.fail("was not refused");
  };
  assert.equal(
    refusal(() => openSync("/nonexistent/file", "r")),
    "there is no file /nonexistent/file (ENOENT); check the path",
  );
  assert.match(
    refusal(() => readdirSync(__filename)),
    /^a file stands where a folder is wanted .*errors\.test\.ts \(ENOTDIR\); name a folder$/,
  );
  assert.match(
    refusal(() => readFileSync(__dirname)),
    /^a folder stands where a file is wanted \(EISDIR\)/,
  );
});

test("names from outside are shown and not obeyed", () => {
  const hostile = "a\x1b[2Jb\nc\u202edc\r\u009b1m\ud800";
  assert.equal(printable(hostile), "a\\x1b[2Jb\\nc\\u202edc\\x0d\\x9b1m\\ud800");
  assert.equal(printable("Zürich 医院 \u{1F3E5} a–b"), "Zürich 医院 \u{1F3E5} a–b");
  const { message, problem } = new WorkbenchError(`unknown site ${hostile}`, "use HK");
  assert.deepEqual(
    [message, problem],
    [`unknown site ${printable(hostile)}; use HK`, `unknown site ${printable(hostile)}`],
  );
  assert.equal(quote('a"b'), '"a\\"b"');
  assert.equal(quote("x".repeat(101)).length, 103);
});
