import assert from "node:assert/strict";
import { test } from "node:test";
import { figure } from "../../lib/notebook/figure";
import { plotly } from "../../lib/notebook/plotly";
import { stillOf } from "../../lib/notebook/plotly-still";
import { present } from "../../lib/notebook/present";

const png = (bundle: { data: Readonly<Record<string, unknown>> }): string =>
  Buffer.from(String(bundle.data["image/png"]), "base64").subarray(1, 4).toString();

test("a Plotly figure draws its own still: lines, bars, heat maps, and a word for what has none", async () => {
  for (const trace of [
    { type: "scatter", mode: "lines+markers", x: [1, 2, 3], y: Float32Array.of(1, 4, 9), name: "squares" },
    { x: [1, 2], y: [3, 4], mode: "markers" },
    { type: "bar", x: ["a", "b"], y: [1, 2] },
    { type: "histogram", x: [1, 1, 2, 5] },
    {
      type: "heatmap",
      z: [
        [1, 2],
        [3, 4],
      ],
      x: ["c", "d"],
    },
    { type: "surface", z: [[1, 2]] },
  ])
    assert.equal(png(await plotly({ data: [trace], layout: { title: { text: "T" } } })), "PNG", trace.type);
  const { values } = stillOf({
    data: [
      {
        type: "heatmap",
        z: [
          [1, 2],
          [3, 4],
        ],
        x: ["c", "d"],
      },
    ],
  }).data as { values: object[] };
  assert.deepEqual(values[3], { x: "d", y: 1, z: 4 });
  assert.match(JSON.stringify(stillOf({ data: [{ type: "surface" }] })), /surface\): open the notebook in JupyterLab/);
});

test("what is no vega-lite specification is told as such", async () => {
  for (const [spec, said] of [
    [{ encoding: {} }, /not a vega-lite specification: an object with encoding; it needs one of mark, layer/],
    [{}, /nothing in it/],
    ["{}", /not a vega-lite specification: "\{\}"/],
    [undefined, /not a vega-lite specification: undefined/],
  ] as const)
    await assert.rejects(figure(spec as never), said);
});

test("a data frame that a filter left without rows is shown with its columns", () => {
  const frame = { columns: ["site", "dice"], index: [], values: [] };
  assert.equal(present(frame).data["text/plain"], "site  dice\n----  ----\nno rows");
});
