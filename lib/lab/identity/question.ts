import { hashOf, type Json } from "../../core/hash";
import type { MethodChoice, Profile, Task } from "../../records/config";

interface Asked {
  readonly task: Task;
  readonly profile: Pick<Profile, "data" | "net" | "training" | "adaptation">;
  readonly method: MethodChoice;
  readonly seed: number;
}

/**
 * What a federation asks: everything that is configured and nothing that computes it. Answers are found by it, whatever code and engine made
 * them. Titles, names and purposes ask nothing. @param scored on what else, or on what less, than the clients' validation and test cases
 */
export function federationQuestion(
  { task, profile, method, seed }: Asked,
  sites: readonly string[],
  scored: { readonly elsewhere?: true; readonly choosing?: true } = {},
): string {
  const { data, net, training } = profile;
  const trained = { kind: "federation", task: asked(task), sites, data, net, training, method: plain(method), seed };
  return ask({ ...trained, ...scored });
}

/** @param federation the question of the federation whose models are adapted */
export function adaptationQuestion({ profile, method }: Asked, federation: string, heldOut: string): string {
  return ask({ kind: "adaptation", federation, heldOut, adaptation: profile.adaptation, method: plain(method) });
}

/** What a published set has in code is in the hash of the code or of the data; of one's own the rules and what is scored are asked. */
const asked = ({ id, set, sites, classes, inChannels, labels, structures, own }: Task) => ({
  ...{ id, set, sites, classes, inChannels },
  ...(own && {
    labels: labels?.map(({ name, values }) => ({ name, values })),
    structures,
    own: { ...own, folder: undefined, layout: undefined, leaveOut: undefined },
  }),
});
const plain = ({ id, params }: MethodChoice) => ({ id, params });
const ask = (question: object) => hashOf(question as Json).slice(0, 16);
