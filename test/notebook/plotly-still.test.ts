import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, View } from "vega";
import { compile } from "vega-lite";
import { styled, type VegaLiteSpec } from "../../lib/report/figure";
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
  assert.match(JSON.stringify(stillOf({ data: [{ type: "mesh3d" }] })), /mesh3d\): open the notebook in JupyterLab/);
  assert.match(JSON.stringify(stillOf({ data: [] })), /nothing in it\): open the notebook in JupyterLab/);
});

/** What a compiled figure draws, by vega itself: the rows behind a mark. */
async function drawnBy(spec: object, mark: string): Promise<readonly Record<string, unknown>[]> {
  const view = new View(parse(compile(styled(spec as VegaLiteSpec) as never).spec), { renderer: "none" });
  await view.runAsync();
  const found: Record<string, unknown>[] = [];
  const walk = (item: { marktype?: string; items?: unknown[]; datum?: Record<string, unknown> }, within = ""): void => {
    if (within === mark && item.datum) found.push(item.datum);
    for (const each of item.items ?? []) walk(each as never, item.marktype ?? within);
  };
  walk((view.scenegraph() as unknown as { root: never }).root);
  view.finalize();
  return found;
}

test("boxes have the quartiles of their values, standing and lying, with and without groups", async () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (const [trace, title] of [
    [{ type: "box", y: values, name: "one" }, undefined],
    [{ type: "box", x: Float64Array.from(values), name: "lying" }, undefined],
    [
      { type: "box", orientation: "h", x: [...values, ...values], y: values.flatMap(() => ["a", "b"]).sort() },
      undefined,
    ],
  ] as const) {
    const still = stillOf({ data: [trace], layout: { title: "T" } });
    assert.equal((still.title as { subtitle?: string }).subtitle, title);
    const boxes = (await drawnBy(still, "rect")).filter((datum) => "mid_box_value" in datum);
    assert.ok(boxes.length >= 1);
    // Of 1 to 9: quartiles 3, 5 and 7 (numpy.percentile).
    for (const box of boxes) assert.deepEqual([box.lower_box_value, box.mid_box_value, box.upper_box_value], [3, 5, 7]);
  }
  // Quartiles alone leave nothing to draw a box from.
  assert.match(JSON.stringify(stillOf({ data: [{ type: "box", q1: [1], median: [2], q3: [3] }] })), /box\): open the/);
});

test("a surface is seen from above, rows upwards as Plotly has them, large ones thinned, and the figure says so", async () => {
  const z = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
  const still = stillOf({ data: [{ type: "surface", z, y: [10, 20] }], layout: { title: "Loss" } });
  assert.deepEqual(still.title, { text: "Loss", subtitle: "surface seen from above: colour is height" });
  assert.deepEqual((still.data as { values: object[] }).values[2], { x: 0, y: 20, z: 3 });
  assert.deepEqual((still.encoding as { y: { sort: unknown } }).y.sort, [20, 10]);
  const turned = stillOf({ data: [{ type: "heatmap", z }], layout: { yaxis: { autorange: "reversed" } } });
  assert.equal((turned.encoding as { y: { sort: unknown } }).y.sort, null);
  const large = Array.from({ length: 500 }, () => new Float32Array(300));
  const thin = stillOf({ data: [{ type: "surface", z: large }] });
  assert.equal((thin.data as { values: object[] }).values.length, 100 * 60);
  assert.match(JSON.stringify(thin.title), /one of 5 rows and columns/);
  const map = await plotly({ data: [{ type: "surface", z }], layout: { title: "Loss" } });
  assert.equal((map.metadata["image/png"] as { alt: string }).alt, "Loss: surface seen from above: colour is height");
});

test("what a still does not draw of a figure is named below its title", () => {
  const line = { type: "scatter", x: [1, 2], y: [3, 4] };
  const mixed = stillOf({ data: [line, { type: "mesh3d" }, { type: "sankey" }], layout: { title: "M" } });
  assert.equal((mixed.layer as object[]).length, 1);
  assert.deepEqual(mixed.title, { text: "M", subtitle: "not drawn here: mesh3d, sankey" });
  assert.equal(stillOf({ data: [line], layout: { title: "M" } }).title, "M");
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
