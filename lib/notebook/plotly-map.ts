import type { VegaLiteSpec } from "../report/figure";
import { kindOf, listOf, textOf, type Axes, type Trace } from "./plotly-trace";

/** Kinds of traces that are fields of values, and what is not as Plotly draws it. */
const maps: Readonly<Record<string, string | undefined>> = {
  heatmap: undefined,
  surface: "surface seen from above: colour is height",
  contour: "contours drawn as fields",
};

export const isMap = (trace: Trace): boolean => kindOf(trace) in maps;

/** Fields along each side: more are not told apart in a still, and each is a shape of its own. */
const mostFields = 100;

/** A trace of values over two axes as coloured fields. @returns the specification, and in words what is not as Plotly draws it */
export function mapOf(trace: Trace, axes: Axes): { readonly spec: VegaLiteSpec; readonly remarks: readonly string[] } {
  const rows = listOf(trace.z).map(listOf);
  const across = Math.max(0, ...rows.map(({ length }) => length));
  const step = Math.max(1, Math.ceil(Math.max(rows.length, across) / mostFields));
  const nameOf = (names: unknown, index: number) => plainName(listOf(names)[index], index);
  const values = thinned(rows, step).flatMap(([row, line]) =>
    thinned(line, step).map(([column, z]) => ({ x: nameOf(trace.x, column), y: nameOf(trace.y, row), z })),
  );
  // Rows run upwards in Plotly, unless they are turned round.
  const upwards = [...new Set(values.map(({ y }) => y))].reverse();
  const x = { field: "x", type: "ordinal", sort: null, title: axes.x ?? null };
  const y = { field: "y", type: "ordinal", sort: axes.downwards ? null : upwards, title: axes.y ?? null };
  const color = { field: "z", type: "quantitative", title: textOf((trace.colorbar as Trace)?.title) ?? null };
  const remark = maps[kindOf(trace)];
  return {
    spec: { data: { values }, mark: "rect", encoding: { x, y, color } },
    remarks: [...(remark ? [remark] : []), ...(step > 1 ? [`one of ${step} rows and columns`] : [])],
  };
}

/** Of a surface both axes may be given for each point: then places are counted. */
const plainName = (name: unknown, index: number): unknown =>
  typeof name === "string" || typeof name === "number" ? name : index;

const thinned = <Value>(values: readonly Value[], step: number): (readonly [place: number, value: Value])[] =>
  values.flatMap((value, place) => (place % step === 0 ? [[place, value] as const] : []));
