import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeHtml, visible } from "../../lib/core/hostile-text";

test("what cannot be seen is written out, letters of every script stay", () => {
  assert.equal(
    visible("a\nb\tc\x1b[31m\x9b\u202e\u200b\u2028"),
    "a\\nb\\tc\\u{1b}[31m\\u{9b}\\u{202e}\\u{200b}\\u{2028}",
  );
  for (const plain of ["Universitäts-Klinikum", "東京", "مستشفى", "🩻 I2CVB_1.5 <b>"])
    assert.equal(visible(plain), plain);
  assert.equal(visible("\ud83d alone"), "\\u{d83d} alone");
});

test("escaped text has neither markup nor anything XML 1.0 has no place for, and gives the text back", () => {
  assert.equal(escapeHtml(`<a href="x">'&'</a>\n`), "&#60;a href=&#34;x&#34;&#62;&#39;&#38;&#39;&#60;/a&#62;\n");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const escaped = escapeHtml(text);
      assert.doesNotMatch(escaped, /[<>"']|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/);
      const back = escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      if (visible(text) === text) assert.equal(back, text);
    }),
  );
});
