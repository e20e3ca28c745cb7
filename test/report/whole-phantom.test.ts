/** The page of everything that the profile phantom releases, at its real size: a mail can carry it, and nobody waits for it. */
import "./own-report";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { buildReport } from "../../lib/report/build-report";
import { readManifest } from "../../lib/records/release/manifest";
import { readReleased } from "../../lib/records/release/released";
import { processorClock, slowness } from "../support/processor-time";
import { writeWholePhantom } from "./whole-phantom";

const largest = 10e6;
/** Processor time that building it may take, in seconds. */
const longest = 10;
let first = "";

let released = 0;

before(() => {
  released = writeWholePhantom();
});

test("all of its records are read in two seconds, each what was released", (context) => {
  const limit = 2 * slowness();
  const read = processorClock();
  const experiments = Object.keys(readManifest("phantom")?.experiments ?? {});
  const records = experiments.flatMap((id) => [...readReleased("phantom", id).records.values()]);
  const seconds = read();
  context.diagnostic(`${records.length} records in ${seconds.toFixed(2)} s of processor time`);
  assert.ok(seconds < limit, `${seconds} s of processor time, where ${limit} were enough`);
  assert.equal(records.length, released);
});

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
