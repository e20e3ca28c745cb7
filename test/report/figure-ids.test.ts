import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSvg } from "../../lib/report/figure";

/** A legend with a gradient, which has an id. */
const shaded = (title: string) => ({
  title,
  data: {
    values: [
      { x: 1, y: 0.2 },
      { x: 2, y: 0.8 },
    ],
  },
  mark: "rect",
  encoding: { x: { field: "x", type: "ordinal" }, color: { field: "y", type: "quantitative" } },
});

test("a figure that is drawn again has the same bytes, and shares no id with another", async () => {
  const [first, other] = [await renderSvg(shaded("a")), await renderSvg(shaded("b"))];
  assert.equal(await renderSvg(shaded("a")), first);
  const idsOf = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(idsOf(first).length, 1);
  assert.notDeepEqual(idsOf(first), idsOf(other));
  for (const [, used] of first.matchAll(/url\(#([^)]+)\)/g)) assert.deepEqual(idsOf(first), [used]);
  assert.match(first, /url\(#/);
});
