/** A trace of a Plotly figure, as it is given. */
export type Trace = Readonly<Record<string, unknown>>;

/** The titles of both axes, where there are any, and whether values of the second grow downwards. */
export interface Axes {
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly downwards: boolean;
}

export const kindOf = ({ type = "scatter" }: Trace): string => String(type);

/** Plotly takes a title as text or as an object. */
export function textOf(title: unknown): string | undefined {
  const text = typeof title === "object" && title !== null ? (title as Trace).text : title;
  return typeof text === "string" ? text : undefined;
}

export function listOf(values: unknown): readonly unknown[] {
  return Array.isArray(values) || ArrayBuffer.isView(values) ? Array.from(values as unknown as ArrayLike<unknown>) : [];
}
