/** The cards of the page are those of the methods that ran, with the parameters that they take. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import { knownToPage } from "../../lib/cli/known-to-page";
import { adaptations, trainings } from "../../lib/methods/registry";
import { methodCards } from "../../lib/report/method-cards";
import { adaptation, federation, score } from "./records";

const { cards = [] } = knownToPage("quick");

test("every method has a card, and the card every parameter, with what it is and its default", () => {
  assert.equal(cards.length, trainings.length + adaptations.length);
  for (const { kind, id, settings } of cards) {
    const methods: readonly { readonly id: string; readonly params: z.ZodType }[] =
      kind === "inside" ? trainings : adaptations;
    const method = methods.find((each) => each.id === id);
    assert.ok(method, id);
    const given = Object.fromEntries(
      settings.flatMap(({ name, byDefault }) => (byDefault === undefined ? [] : [[name, byDefault]])),
    );
    const parsed = method.params.safeParse(given);
    assert.ok(parsed.success, id);
    assert.deepEqual(parsed.data, given, id);
    for (const { name, says } of settings) assert.match(says, /\S.{3}/, `${id}: ${name}`);
  }
  const alpha = cards.find(({ id, kind }) => id === "iop-fl" && kind === "inside")?.settings[1];
  assert.deepEqual([alpha?.name, alpha?.byDefault], ["alpha", 0.1]);
  assert.match(alpha?.says ?? "", /^alpha: share of the past/);
});

test("the page shows the cards of the methods that ran, as text", () => {
  const runs = [federation("iop-fl", 0, { X: [0.5] }), adaptation("tent", 0, "X", [score("a", 0.5)])];
  const html = methodCards(cards, runs);
  const ids = Array.from(html.matchAll(/<details class="card" id="([^"]+)"/g), ([, id]) => id);
  assert.deepEqual(ids, ["method-inside-iop-fl", "method-outside-tent"]);
  assert.match(html, /<th scope="row"[^>]*>alpha<\/th><td[^>]*>0\.1<\/td><td[^>]*>alpha: share of the past/);
  const [card] = cards;
  const wicked = {
    ...card,
    id: "iop-fl",
    title: "<script>",
    settings: [{ name: "<b>", says: "<i>", byDefault: "<u>" }],
  };
  assert.doesNotMatch(methodCards([wicked], runs), /<(script|b|i|u)>/);
  assert.equal(methodCards(cards, []), "");
});
