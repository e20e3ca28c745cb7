/** Names of sites, files and tensors come from others: in every output of a notebook they are text, and what hides or commands is written out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { createBundle } from "../../lib/notebook";
import { figure, image, plotly, slices, table } from "../../lib/notebook";
import { inMarkdown, markdown } from "../../lib/notebook/markdown";
import { tensorBundle } from "../../lib/notebook/tensor";

const link = `<a href="https://evil.example" onclick='x()'>click</a>`;
const names = [
  link,
  `<img src=x onerror=alert(1)>`,
  "[click](https://evil.example)",
  "https://evil.example",
  "www.evil.example",
  "a@evil.example",
  "$\\href{https://evil.example}{x}$",
  "`code` **bold** ~~gone~~ # head | cell",
  "\x1b[2J\x1b]0;title\x07\u202erotcod\u0000",
  "=1+1",
  "@SUM(A1)",
  "&lt;b&gt;",
];
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

const allowed = new Set("table caption thead tbody tr th td img br code".split(" "));

/** Every form of a bundle as one text. */
const textsOf = ({ data, metadata }: ReturnType<typeof createBundle>): string =>
  Object.entries({ ...data, metadata })
    .map(([, value]) => (typeof value === "string" ? value : JSON.stringify(value)))
    .join("\n");

for (const name of names)
  test(`${JSON.stringify(name)} is text in tables, pictures, figures and volumes`, async () => {
    const pixels = new Float32Array(16);
    const bundles = [
      table([{ [name]: name }], { caption: name }),
      image(new Uint8Array(3), { alt: name }),
      slices({ title: name, count: 1, height: 4, width: 4, pixels }),
      await figure({ title: name, data: { values: [{ a: name }] }, mark: "bar", encoding: { x: { field: "a" } } }),
      tensorBundle({ shape: [1], dtype: "string", isDisposed: false, dataSync: () => [name] as never }),
      markdown(inMarkdown(name)),
    ];
    for (const bundle of bundles) {
      assert.ok(!unseen.test(textsOf(bundle)), "a character that is not seen");
      const { "text/html": html = "", "text/plain": plain } = bundle.data as Record<string, string>;
      for (const [tag, element] of html.matchAll(/<\/?(\w+)[^>]*>/g)) assert.ok(allowed.has(element), tag);
      for (const [img] of html.matchAll(/<img [^>]*>/g))
        assert.match(img, /^<img src="data:image\/png;base64,\w+" alt="[^"]*">$/);
      assert.ok(typeof plain === "string" && plain.length > 0);
    }
  });

test("in Markdown a name makes no tag, link, emphasis, code, formula or picture; plain names stay as they are", () => {
  for (const name of ["ISBI_1.5", "iop-fl (alpha 0.5)", "Case 00", "HK, UCL"]) assert.equal(inMarkdown(name), name);
  for (const name of names) {
    const text = inMarkdown(name);
    // Every mark of CommonMark and of GitHub's additions that is left must be harmless inside a line.
    assert.ok(!/[<>[\]`*$~|\\]|:\/\/|www\.|@/.test(text), text);
  }
  assert.equal(markdown(inMarkdown(link)).data["text/plain"], link);
  assert.equal(inMarkdown("&lt;"), "&#38;lt;");
});

test("Plotly makes no link of a name; a figure's own formatting stays", async () => {
  const figured = await plotly({
    data: [
      {
        type: "bar",
        name: link,
        x: names,
        y: names.map(() => 1),
        text: [link, "two<br>lines"],
        hovertemplate: "<b>%{x}</b>",
      },
      { type: "scatter", x: [1], y: [2], meta: { deep: [`< A href=x>`] } },
    ],
    layout: { title: { text: `<b>${link}</b> a<b` }, annotations: [{ text: link }] },
  });
  const sent = figured.data["application/vnd.plotly.v1+json"] as { data: Record<string, unknown>[] };
  const text = JSON.stringify(sent);
  assert.ok(!/<\s*a[\s>]/i.test(text), text);
  assert.ok(!/\\u001b|\\u0000|\u202e/.test(text), "a character that is not seen");
  assert.equal(sent.data[0].name, link.replaceAll("<", "&lt;"));
  assert.deepEqual((sent.data[0].x as string[]).slice(-1), ["&amp;lt;b&amp;gt;"]);
  assert.deepEqual((sent.data[0].text as string[])[1], "two<br>lines");
  assert.equal(sent.data[0].hovertemplate, "<b>%{x}</b>");
});
