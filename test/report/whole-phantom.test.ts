/** The page of everything that the profile phantom releases, at its real size: a mail can carry it, and nobody waits for it. */
import "./own-report";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { buildReport } from "../../lib/report/build-report";
import { processorClock, slowness } from "../support/processor-time";
import { writeWholePhantom } from "./whole-phantom";

const largest = 10e6;
/** Processor time that building it may take, in seconds. */
const longest = 10;
let first = "";

before(() => void writeWholePhantom());

test("the page of all of phantom is smaller than 10 MB, and every run that is there is reported", async (context) => {
  const limit = longest * slowness();
  const read = processorClock();
  const { page } = await buildReport("phantom");
  const seconds = read();
  first = readFileSync(page, "utf8");
  context.diagnostic(`${(first.length / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s of processor time`);
  assert.ok(seconds < limit, `${seconds} s of processor time, where ${limit} were enough`);
  assert.ok(Buffer.byteLength(first) < largest);
  assert.doesNotMatch(first, /Not finished|Not run yet/);
});

test("built again it has the same bytes", async () => {
  const { page } = await buildReport("phantom");
  assert.equal(readFileSync(page, "utf8"), first);
});
