import type * as tf from "@tensorflow/tfjs-core";
import type { Json } from "../../core/hash";
import type { State } from "../../core/state";

/** The tensors that a named function takes, by the names under which it asked for them. */
export type Inputs = Readonly<Record<string, tf.Tensor>>;

/**
 * A function that enters a recorded program. Equal identities mean equal functions; what may vary from call to call does not belong
 * to it and enters as tensors: another number or another state does not record another program.
 */
export interface Named<Body> {
  readonly identity: string;
  readonly body: Body;
  /** Become scalars. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Become vectors of the entries that the slot trains. */
  readonly states: Readonly<Record<string, State>>;
  /** Other slots, by name: their trained entries as they stand at that moment become vectors. */
  readonly slots: readonly string[];
}

/** What a named function takes. */
export type Taken = Partial<Pick<Named<unknown>, "numbers" | "states" | "slots">>;

const known = new WeakMap<object, number>();
let count = 0;

/** The identity of a function object: an edited function in a notebook is another object. */
function identityOf(body: object): number {
  const id = known.get(body) ?? ++count;
  known.set(body, id);
  return id;
}

/** Names a function for recorded programs. @param body a function that is made once, not anew for each call, and depends on its arguments alone */
export function named<Body extends object>(
  body: Body,
  { numbers = {}, states = {}, slots = [] }: Taken = {},
): Named<Body> {
  const taken = [...Object.keys(numbers), ...Object.keys(states), ...slots].join();
  return { identity: `${identityOf(body)}(${taken})`, body, numbers, states, slots };
}

/** A function of a family. @param family is made once; what it makes depends on the choices and its arguments alone */
export function chosen<Choices extends Json, Body extends object>(
  family: (choices: Choices) => Body,
  choices: Choices,
  taken: Taken = {},
): Named<Body> {
  const { identity } = named(family, taken);
  return { ...named(family(choices), taken), identity: `${identity}${JSON.stringify(choices)}` };
}

/** A function made of others. @param combine gets each part with its own inputs; it is made once, as the body of `named` */
export function composed<Part, Body extends object>(
  parts: readonly Named<Part>[],
  combine: (bodies: readonly { readonly body: Part; readonly of: (inputs: Inputs) => Inputs }[]) => Body,
): Named<Body> {
  const prefixed = <Value>(pick: (part: Named<Part>) => Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(
      parts.flatMap((part, index) => Object.entries(pick(part)).map(([name, value]) => [`${index}/${name}`, value])),
    );
  const bodies = parts.map(({ body }, index) => ({
    body,
    of: (inputs: Inputs): Inputs => {
      const own = Object.entries(inputs).filter(([name]) => name.startsWith(`${index}/`));
      return { ...inputs, ...Object.fromEntries(own.map(([name, value]) => [name.slice(`${index}/`.length), value])) };
    },
  }));
  return {
    identity: `${identityOf(combine)}[${parts.map(({ identity }) => identity).join(" ")}]`,
    body: combine(bodies),
    numbers: prefixed(({ numbers }) => numbers),
    states: prefixed(({ states }) => states),
    slots: [...new Set(parts.flatMap(({ slots }) => slots))],
  };
}
