import { adaptations, trainings, type KnownMethod } from "../lab/plan/known-methods";
import { standingLines } from "../lab/release/standing";
import type { Beside } from "../report/build-report";
import type { MethodCard } from "../report/method-cards";

/** What a page says beside its numbers, which rooms know that it does not import: what still stands today, and what methods are. */
export const knownToPage = (profile: string): Beside => ({
  standingOf: standingLines(profile),
  cards: [...trainings.map(cardOf("inside")), ...adaptations.map(cardOf("outside"))],
});

const cardOf =
  (kind: MethodCard["kind"]) =>
  ({ id, title, citation, params, meanings }: KnownMethod): MethodCard => ({
    ...{ id, kind, title, citation },
    settings: Object.entries(meanings).map(([name, says]) => ({ name, says, byDefault: params[name] })),
  });
