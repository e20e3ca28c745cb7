import { z } from "zod";
import { trainings as inside, adaptations as outside } from "../../methods/registry";
import { defaultsOf } from "./entry";

/** A method as a list shows it, with its parameters as they are by default. */
export interface KnownMethod {
  readonly id: string;
  readonly title: string;
  /** Authors, title, venue, year. */
  readonly citation: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of each parameter what it is, with the paper's symbol. */
  readonly meanings: Readonly<Record<string, string>>;
}

const known = (method: (typeof inside | typeof outside)[number]): KnownMethod => ({
  id: method.id,
  title: method.title,
  citation: method.citation,
  params: defaultsOf(method),
  meanings: meaningsOf(method.params),
});

function meaningsOf(params: z.ZodType): Record<string, string> {
  const { properties = {} } = z.toJSONSchema(params, { io: "input", unrepresentable: "any" });
  return Object.fromEntries(
    Object.entries(properties).map(([name, of]) => [name, (typeof of === "object" && of.description) || ""]),
  );
}

export const trainings: readonly KnownMethod[] = inside.map(known);
export const adaptations: readonly KnownMethod[] = outside.map(known);
