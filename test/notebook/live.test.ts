import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startKernelClient } from "../../lib/notebook/runner/kernel-client";
import { temporaryFolder } from "./make-notebook";

const folder = temporaryFolder();
after(() => folder.remove());

// Loading the library has a line of its own, which is not what is tested here.
const importing = 'import { live } from "../../../lib/notebook";';
const training = (total: number) => `
const run = live<{ round: number }>({
  title: "Training",
  total: ${total},
  draw: (points) => ({ data: { values: points }, mark: "line", encoding: { x: { field: "round" } } }),
  describe: ({ round }) => "round " + round,
});
for (let round = 1; round <= ${total} && !run.signal.aborted; round++) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  run.add({ round });
}
await run.close();`;

/** Runs the cell; presses stop after a while if asked to. */
async function watch(environment: Record<string, string>, total: number, stopAfter?: number) {
  const kernel = await startKernelClient(folder.path, environment);
  try {
    await kernel.request("execute_request", { code: importing, silent: false });
    const displays: { type: string; id: string; mimes: string[]; text: string }[] = [];
    let printed = "";
    const asked = kernel.request("execute_request", { code: training(total), silent: false }, ({ header, content }) => {
      if (header.msg_type === "stream") printed += String(content.text);
      const { data, transient } = content as { data?: Record<string, string>; transient?: { display_id?: string } };
      if (data) {
        const place = {
          type: header.msg_type,
          id: transient?.display_id ?? "",
          mimes: Object.keys(data),
          text: data["text/plain"],
        };
        displays.push(place);
        if (stopAfter !== undefined && displays.length === stopAfter) kernel.interrupt();
      }
    });
    return { status: (await asked).status, displays, printed };
  } finally {
    await kernel.close();
  }
}

test("watched: one figure and one line change in place; stop ends the run at its next round", async () => {
  const { status, displays } = await watch({}, 600, 6);
  assert.equal(status, "ok");
  const shown = displays.filter(({ type }) => type === "display_data");
  assert.equal(shown.length, 2, "a line and a figure, each shown once");
  assert.ok(displays.filter(({ type }) => type === "update_display_data").length >= 4);
  assert.equal(new Set(displays.map(({ id }) => id)).size, 2);
  assert.match(shown[0].text, /^Training: round 1 of 600, round 1, about [\dmins ]+ left, ■ stops$/);
  assert.deepEqual(shown[1].mimes, ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
  const rounds = Number(/round (\d+) of 600/.exec(displays[displays.length - 2].text)?.[1]);
  assert.ok(rounds > 5 && rounds < 600, `stopped after ${rounds} rounds`);
});

test("headless: a few lines of text, and the figure at the end", async () => {
  const { displays, printed } = await watch({ IOPFL_HEADLESS: "1" }, 40);
  const lines = printed.trim().split("\n");
  assert.ok(lines.length <= 3, printed);
  assert.match(lines[lines.length - 1], /^Training: round 40 of 40, round 40, \d+ s$/);
  assert.deepEqual(
    displays.map(({ type }) => type),
    ["display_data"],
  );
});
