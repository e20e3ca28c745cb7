import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { parse, View, type Spec } from "vega";
import { createBundle, figure, frame, image, markdown, plotly, show, slices, table } from "../../lib/notebook";
import { present } from "../../lib/notebook/present";
import { renderVegaLite, styled } from "../../lib/report/figure";
import { okabeIto } from "../../lib/report/palette";

const spec = {
  title: "Dice",
  data: {
    values: [
      { site: "A", dice: 0.5 },
      { site: "B", dice: 0.9 },
    ],
  },
  mark: "bar",
  encoding: { x: { field: "site" }, y: { field: "dice", type: "quantitative" } },
};

/** Mean of red, green and blue, 0 to 1. */
const luminance = (colour: string) =>
  [1, 3, 5].reduce((sum, at) => sum + Number.parseInt(colour.slice(at, at + 2), 16), 0) / (3 * 255);

/** Pixels of a PNG that have exactly this colour. */
function countPixels(png: Uint8Array, colour: string): number {
  const { data } = PNG.sync.read(Buffer.from(png));
  const wanted = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (wanted.every((value, channel) => data[i + channel] === value)) count++;
  return count;
}

test("a figure is drawn with the house's colours and fonts, the same on every call", async (context) => {
  const started = performance.now();
  const { svg, png } = await renderVegaLite(spec);
  context.diagnostic(`first figure after ${(performance.now() - started).toFixed(0)} ms`);
  assert.ok(countPixels(png, okabeIto.blue) > 10_000, "bars in the first colour");
  assert.match(svg, /DejaVu Sans/);
  // Without fonts the title would leave no ink: its dark pixels lie in the top 60 rows.
  const { data, width } = PNG.sync.read(Buffer.from(png));
  let ink = 0;
  for (let i = 0; i < 60 * width * 4; i += 4) if (data[i] < 80) ink++;
  assert.ok(ink > 100, `${ink} dark pixels in the title`);
  const again = await renderVegaLite(spec);
  assert.deepEqual(again.png, png);
  assert.equal(width, 2 * again.width);
});

test("what a specification sets itself wins over the house style", () => {
  const { config } = styled({ ...spec, config: { axis: { labelFontSize: 30 } } }) as {
    config: { axis: Record<string, unknown>; mark: Record<string, unknown> };
  };
  assert.equal(config.axis.labelFontSize, 30);
  assert.equal(config.axis.titleFontSize, 12);
  assert.equal(config.mark.color, okabeIto.blue);
});

test("a broken specification is one clear line", async () => {
  await assert.rejects(
    figure({ title: "Broken", mark: "nonsense", data: { values: [] } }),
    /^WorkbenchError: not a vega-lite specification: mark: unknown mark "nonsense"; use one of arc, area, bar, .+$/,
  );
});

test("figures and Plotly figures are bundles of an object, a PNG and a text", async () => {
  const drawn = (await figure(spec)).data;
  assert.deepEqual(Object.keys(drawn), ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
  assert.equal(drawn["text/plain"], "[figure] Dice");
  const surface = (await plotly({ data: [{ type: "surface", z: [Float32Array.of(1, 2)] }] }, { still: spec })).data;
  assert.deepEqual(surface["application/vnd.plotly.v1+json"], { layout: {}, data: [{ type: "surface", z: [[1, 2]] }] });
  assert.equal(Buffer.from(String(surface["image/png"]), "base64").subarray(1, 4).toString(), "PNG");
  await assert.rejects(
    plotly(JSON.stringify({ data: [] }) as never, { still: spec }),
    /not a Plotly figure: string; pass an object/,
  );
});

test("a table aligns numbers, stresses cells, escapes text and has no script", () => {
  const rows = [
    { method: "Fed<Avg>", dice: 0.81234, n: 3, note: undefined },
    { method: "IOP-FL", dice: 1e-7, n: 12, note: null },
  ];
  const { data } = table(rows, { caption: "A & B", highlight: (value) => value === 12 });
  const html = String(data["text/html"]);
  assert.match(html, /<caption[^>]*>A &#38; B<\/caption>/);
  assert.match(html, /<td style="text-align: left">Fed&#60;Avg&#62;<\/td><td style="text-align: right">0.812<\/td>/);
  assert.match(html, /<b>12<\/b>/);
  assert.doesNotMatch(html, /<script/);
  const lines = [
    "A & B",
    "method       dice    n  note",
    "--------  -------  ---  ----",
    "Fed<Avg>    0.812    3     –",
    "IOP-FL    1.00e-7  *12     –",
  ];
  assert.equal(data["text/plain"], lines.join("\n"));
  assert.throws(() => table(rows, { columns: ["dise"] }), /no column "dise"; use one of method, dice, n, note/);
  assert.throws(() => table([]), /a table without rows/);
  assert.match(String(table(Array.from({ length: 105 }, (_, i) => ({ i }))).data["text/plain"]), /5 more rows$/);
});

test("danfo.js data frames and series are shown as tables", async () => {
  const rows = [
    { method: "a", dice: 0.5 },
    { method: "b", dice: 0.25 },
  ];
  const made = await frame(rows);
  assert.equal(present(made).data["text/html"], table(rows).data["text/html"]);
  assert.match(
    String(present(made.groupby(["method"]).col(["dice"]).mean()).data["text/plain"]),
    /method {2}dice_mean/,
  );
  assert.match(String(present(made.dice).data["text/plain"]), /0\.250/);
});

test("a tensor is summed up with a picture, never dumped", () => {
  const values = Float32Array.from({ length: 8 * 6 * 2 }, (_, i) => i);
  const tensor = { shape: [1, 8, 6, 2], dtype: "float32", isDisposed: false, dataSync: () => values };
  const { data } = present(tensor);
  assert.equal(data["text/plain"], "Tensor float32 [1, 8, 6, 2], 0.000 to 95.00, mean 47.50");
  const picture = PNG.sync.read(Buffer.from(String(data["image/png"]), "base64"));
  assert.deepEqual([picture.width, picture.height], [6, 8]);
  // The second pixel of the first channel is value 2 of 0 ... 95.
  assert.equal(picture.data[4], Math.floor((2 * 255) / 95));
  assert.equal(
    present({ ...tensor, shape: [3], dataSync: () => [1, 2, 3] }).data["text/plain"],
    "Tensor float32 [3]: [1, 2, 3]",
  );
  assert.equal(present({ ...tensor, isDisposed: true }).data["text/plain"], "Tensor float32 [1, 8, 6, 2], disposed");
});

test("outside a notebook show() prints the text form", async (context) => {
  const written: string[] = [];
  context.mock.method(process.stdout, "write", (text: string) => written.push(text));
  await show(markdown("**bold**"));
  await show(Promise.resolve(image(Uint8Array.of(1, 2), { alt: "mask" })));
  await show(createBundle({ "text/plain": "own" }));
  context.mock.restoreAll();
  assert.deepEqual(
    written.filter((text) => typeof text === "string" && /bold|mask|own/.test(text)),
    ["**bold**\n", "[mask] PNG of 2 bytes\n", "own\n"],
  );
});

test("slices: a viewer whose signals choose slice and masks, a contact sheet beside it, volumes shown so by themselves", async () => {
  const [count, side] = [5, 8];
  const pixels = Float32Array.from({ length: count * side * side }, (_, i) => Math.floor(i / (side * side)));
  const truth = pixels.map((_, i) => (i % side > 2 && i % side < 6 ? 1 : 0));
  const { data } = slices({ title: "Steps", count, height: side, width: side, pixels, truth });
  const view = new View(parse(data["application/vnd.vega.v5+json"] as Spec), { renderer: "none" });
  await view.signal("slice", 5).signal("truth", false).runAsync();
  const [shown] = view.data("shown") as { slice: number; image: { values: number[] } }[];
  assert.deepEqual([shown.slice, shown.image.values[0], shown.image.values.length], [5, 255, side * side]);
  assert.equal(view.data("truthOutline").length, 1);
  view.finalize();
  // On a dark page vega's own letters would be white, and the viewer's paper is too.
  const { background, title } = data["application/vnd.vega.v5+json"] as {
    background: string;
    title: Record<string, string>;
  };
  assert.ok(luminance(background) > 0.9 && luminance(title.color) < 0.2 && luminance(title.subtitleColor) < 0.4);
  const sheet = PNG.sync.read(Buffer.from(String(data["image/png"]), "base64"));
  assert.ok(countPixels(PNG.sync.write(sheet), "#ffbe00") > 50, "outlines in amber");
  assert.equal(data["text/plain"], "[slices] Steps: 5 slices of 8 x 8; reference amber");
  assert.throws(
    () => slices({ title: "", count, height: side, width: side, pixels, truth: [1] }),
    /truth of 1 values for 5 slices of 8 x 8; /,
  );
  assert.throws(() => slices({ title: "", count: 0, height: side, width: side, pixels: [] }), /pixels of 0 values/);

  const volume = { voxels: pixels, shape: [count, side, side], spacing: [3, 0.5, 0.5] };
  assert.match(String(present(volume).data["text/plain"]), /^\[slices\] volume, 3\.00 x 0\.50 x 0\.50 mm: 5 slices/);
  // A large volume must not make a large notebook.
  const large = slices({ title: "", count: 60, height: 200, width: 200, pixels: new Float32Array(60 * 200 * 200) });
  assert.ok(JSON.stringify(large.data).length < 3e6);
});
