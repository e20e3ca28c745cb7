import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeHtml, printableLines } from "../../lib/core/escape-html";

test("markup is text, lines stay lines, and what cannot be seen is written out", () => {
  assert.equal(
    escapeHtml(`<a href="x">'&'</a>\n\x1b`),
    "&#60;a href=&#34;x&#34;&#62;&#39;&#38;&#39;&#60;/a&#62;\n\\x1b",
  );
  for (const plain of ["Universitäts-Klinikum", "東京", "مستشفى", "🩻 I2CVB_1.5"])
    assert.equal(escapeHtml(plain), plain);
});

test("escaped text has neither markup nor anything XML 1.0 has no place for, and gives the text back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const escaped = escapeHtml(text);
      assert.doesNotMatch(escaped, /[<>"']|[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      const back = escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      assert.equal(back, printableLines(text));
    }),
  );
});
