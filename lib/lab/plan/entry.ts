import type { z } from "zod";
import { closest } from "../../core/closest";
import { WorkbenchError } from "../../core/errors";
import type { MethodChoice } from "../../records/config";
import { changedParams, paramsLabel } from "../../records/params-label";

/** A method of an experiment with every parameter filled in, and what tells it from the method as it is. */
export interface Entry {
  readonly method: MethodChoice;
  readonly label: string | undefined;
}

/** What a method's parameters are checked with. */
interface Definition {
  readonly params: z.ZodType;
}

/**
 * Fills in a method's default parameters, so that a job's id and record hold every value that was used.
 * @throws WorkbenchError when the method has no such parameter, or refuses its value
 */
export function resolveEntry({ id, variant, params, settled = {} }: MethodChoice, definition: Definition): Entry {
  const result = definition.params.safeParse({ ...settled, ...params });
  const own = definition.params.safeParse(settled);
  const known = own.success ? (own.data as Record<string, unknown>) : { ...defaultsOf(definition), ...settled };
  const strange = Object.keys(params).find((name) => !(name in (result.success ? (result.data as object) : known)));
  if (strange !== undefined && (result.success || isUnknown(result.error, strange))) {
    const meant = closest(strange, Object.keys(known));
    throw new WorkbenchError(
      `method "${id}" has no parameter "${strange}"`,
      `${meant ? `did you mean "${meant}"? ` : ""}it has ${Object.keys(known).join(", ") || "none"}`,
    );
  }
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    throw new WorkbenchError(
      `method "${id}": parameter ${path.join(".") || "?"}: ${message}`,
      "mend it in the experiment's YAML, or in --set",
    );
  }
  const filled = result.data as Record<string, unknown>;
  return { method: { id, params: filled }, label: joinLabels(variant, paramsLabel(changedParams(filled, known))) };
}

export const joinLabels = (...labels: readonly (string | undefined)[]): string | undefined =>
  labels.filter((label) => label).join(",") || undefined;

/** @returns a method's parameters as they are by default; without those that have to be given */
export function defaultsOf({ params }: Definition): Readonly<Record<string, unknown>> {
  const result = params.safeParse({});
  return result.success ? (result.data as Record<string, unknown>) : {};
}

const isUnknown = ({ issues }: z.ZodError, name: string): boolean =>
  issues.some((issue) => issue.code === "unrecognized_keys" && issue.keys.includes(name));
