import assert from "node:assert/strict";
import { test } from "node:test";
import { figure } from "../../lib/notebook/figure";
import { plotly } from "../../lib/notebook/plotly";
import { stillOf } from "../../lib/notebook/plotly-still";
import { slices } from "../../lib/notebook/slices";
import { present } from "../../lib/notebook/present";

const png = (bundle: { data: Readonly<Record<string, unknown>> }): string =>
  Buffer.from(String(bundle.data["image/png"]), "base64").subarray(1, 4).toString();

const data = { values: [{ a: 1, size: 2 }] };

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
    [{ data, mark: "pont" }, /mark: unknown mark "pont"; did you mean "point"\?/],
    [{ data, mark: { typ: "point" } }, /mark: unknown mark "undefined"/],
    [{ data, mark: "bar", encodng: {} }, /encodng: unknown property "encodng"; did you mean "encoding"\?/],
    [{ data, mark: "bar", encoding: { xx: { field: "a" } } }, /encoding\.xx: unknown channel "xx"; did you mean "x"\?/],
    [
      { data, mark: "bar", encoding: { x: { field: "a", type: "quantitativ" } } },
      /x\.type: .*did you mean "quantitative"/,
    ],
    [{ data, mark: "bar", encoding: { x: "a" } }, /encoding\.x is "a"; pass an object/],
    [{ data, mark: "bar", encoding: { x: { field: "sise" } } }, /no row has a field "sise"; did you mean "size"\?/],
    [{ data, layer: [{ mark: "bar" }, { mark: "bra" }] }, /layer\[1\]\.mark: unknown mark "bra"/],
    [{ data, layer: {} }, /layer is no list of views/],
    [{ data: [{ a: 1 }], mark: "bar" }, /data is no object; pass \{ values/],
  ] as const)
    await assert.rejects(figure(spec as never), said);
});

test("what vega-lite understands is drawn: computed fields, composite marks, repeated and nested views", async () => {
  for (const spec of [
    { data, mark: "boxplot", encoding: { y: { field: "size", type: "quantitative" } } },
    { data, transform: [{ calculate: "datum.a + 1", as: "b" }], mark: "bar", encoding: { x: { field: "b" } } },
    { data, mark: "bar", encoding: { y: { aggregate: "count" }, tooltip: [{ field: "a" }, { field: "size" }] } },
    { data, repeat: ["a", "size"], spec: { mark: "bar", encoding: { x: { field: { repeat: "repeat" } } } } },
    { data, facet: { field: "a" }, columns: 2, spec: { layer: [{ mark: "point" }], width: 30 } },
    { hconcat: [{ data: { values: [{ z: 1 }] }, mark: "tick", encoding: { x: { field: "z" } } }] },
  ])
    assert.equal(png(await figure(spec)), "PNG");
});

test("every picture has a text that stands for it", async () => {
  const drawn = await figure({ title: "Sizes", description: "One bar.", data, mark: "bar" });
  assert.equal((drawn.data["application/vnd.vegalite.v5+json"] as { description: string }).description, "One bar.");
  assert.equal((drawn.metadata["image/png"] as { alt: string }).alt, "Sizes: One bar.");
  const untold = await figure({ title: { text: "Sizes" }, data, mark: "bar" });
  assert.equal((untold.data["application/vnd.vegalite.v5+json"] as { description: string }).description, "Sizes");
  const map = await plotly({ data: [{ type: "heatmap", z: [[1]] }], layout: { title: { text: "Map" } } });
  assert.equal((map.metadata["image/png"] as { alt: string }).alt, "Map");
  const stack = slices({ title: "HK 1", count: 1, height: 4, width: 4, pixels: new Float32Array(16) });
  assert.equal((stack.metadata["image/png"] as { alt: string }).alt, "HK 1: 1 slices of 4 x 4");
  assert.equal(
    (stack.data["application/vnd.vega.v5+json"] as { description: string }).description,
    "HK 1: 1 slices of 4 x 4",
  );
});

test("a data frame that a filter left without rows is shown with its columns", () => {
  const frame = { columns: ["site", "dice"], index: [], values: [] };
  assert.equal(present(frame).data["text/plain"], "site  dice\n----  ----\nno rows");
});
