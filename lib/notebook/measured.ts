import type { Measurement } from "../data/measure/measure";
import type { Bundle } from "./bundle";
import { figure } from "./figure";
import { table } from "./table";

/**
 * Every property as one row, every site as one column: what was measured, and in brackets what was asked for. A cell that misses
 * is stressed.
 */
export function measuredTable(rows: readonly Measurement[], caption: string): Bundle {
  const missed = new Set<string>();
  const pivot = new Map<string, Record<string, string>>();
  for (const { site, property, unit, measured, asked, holds } of rows) {
    const text = `${significant(measured)} (${significant(asked)})`;
    if (!holds) missed.add(`${property}/${site}`);
    const held = pivot.get(property) ?? { property, unit };
    pivot.set(property, { ...held, [site]: text });
  }
  const columns = ["property", "unit", ...new Set(rows.map(({ site }) => site))];
  const filled = [...pivot.values()].map((row) =>
    Object.fromEntries(columns.map((column) => [column, row[column] ?? "–"])),
  );
  return table(filled, {
    caption,
    columns,
    highlight: (_, row, column) => missed.has(`${String(row.property)}/${column}`),
  });
}

/** How far every measurement lies from what was asked for, in units of its tolerance: between -1 and 1 it holds. */
export function measuredFigure(rows: readonly Measurement[], title: string): Promise<Bundle> {
  const values = rows.map(({ site, property, measured, asked, tolerance }) => ({
    site,
    property,
    measured,
    asked,
    off: tolerance === 0 ? 0 : (measured - asked) / tolerance,
  }));
  const properties = [...new Set(rows.map(({ property }) => property))];
  const off = { type: "quantitative", title: "measured minus asked, in units of the tolerance" };
  return figure({
    title,
    height: 24 * properties.length,
    layer: [
      {
        data: { values: [{ from: -1, to: 1 }] },
        mark: { type: "rect", opacity: 0.12 },
        encoding: { x: { field: "from", ...off }, x2: { field: "to" } },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 60, opacity: 0.8 },
        encoding: {
          x: { field: "off", ...off, scale: { domain: [-1.3, 1.3] } },
          y: { field: "property", type: "nominal", sort: properties, title: null },
          color: { field: "site", type: "nominal", title: null },
          tooltip: ["site", "property", "asked", "measured"].map((field) => ({ field })),
        },
      },
    ],
  });
}

const significant = (value: number) => String(Number(value.toPrecision(3)));
