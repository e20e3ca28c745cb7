import { trainings as inside, adaptations as outside } from "../../methods/registry";
import { defaultsOf } from "./entry";

/** A method as a list shows it, with its parameters as they are by default. */
export interface KnownMethod {
  readonly id: string;
  readonly title: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const known = (method: (typeof inside | typeof outside)[number]): KnownMethod => ({
  id: method.id,
  title: method.title,
  params: defaultsOf(method),
});

export const trainings: readonly KnownMethod[] = inside.map(known);
export const adaptations: readonly KnownMethod[] = outside.map(known);
